internal import CKernels
internal import Models
internal import Randomness

extension Dropout: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        mode == .training ? DropoutOperation(layer: layer, probability: probability) : nil
    }
}

/// Draws which numbers stay, and divides those by 1 - probability.
struct DropoutOperation: Operation {
    let layer: PlacedLayer
    let probability: Double

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        let output = input.placed(at: planner.inPlace(input))
        let mask = planner.bytes(planner.batch * input.count)
        let (probability, count, threads) = (probability, planner.batch * input.count, Int32(planner.threads))
        let images = input.kernel(batch: planner.batch)
        let draws = DropoutDraws(
            probability: probability, samples: planner.samples, rows: planner.rows, channels: layer.inputShape[0],
            ownChannels: input.channels?.own ?? 0..<input.shape[0], pixels: Int(images.pixels),
            lanes: Int(images.lanes))
        planner.append([input.slice, mask, output.slice]) { memory, state in
            let stays = memory.bytes(mask)
            draws.run(into: stays, &state.dropout)
            kernel_mask(
                Int64(count), memory.floats(input.slice), stays, Float(1 / (1 - probability)),
                memory.floats(output.slice), threads)
        }
        planner.tape.append(Step(probability: probability, input: input, output: output, mask: mask))
        return output
    }

    struct Step: TapeStep {
        let probability: Double
        let input: Value
        let output: Value
        let mask: BufferSlice

        func backward(
            _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
        ) -> BranchGradient {
            let own = planner.owned(gradient, output)
            let (factor, count) = (Float(1 / (1 - probability)), Int64(planner.batch * output.count))
            let (mask, threads) = (mask, Int32(planner.threads))
            planner.append([mask, own]) { memory, _ in
                kernel_mask(
                    count, memory.floats(own), memory.bytes(mask), factor, memory.floats(own), threads)
            }
            return BranchGradient(own)
        }
    }
}
