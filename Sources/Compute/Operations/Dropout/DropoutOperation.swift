internal import CKernels
internal import Models
internal import Randomness

extension Dropout: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? {
        mode == .training ? DropoutOperation(layer: layer, probability: probability) : nil
    }
}

/// Draws which numbers stay, one draw a number, and divides those by 1 - probability.
struct DropoutOperation: Operation {
    let layer: PlacedLayer
    let probability: Double

    func forward(_ input: Value, in planner: inout Planner) -> Value {
        let output = Value(shape: input.shape, layout: input.layout, slice: planner.inPlace(input))
        let mask = planner.bytes(planner.batch * input.count)
        let (probability, count, threads) = (probability, planner.batch * input.count, Int32(planner.threads))
        planner.append([input.slice, mask, output.slice]) { memory, state in
            let stays = memory.bytes(mask)
            for index in 0..<count {
                stays[index] = state.dropout.bernoulli(probability) ? 0 : 1
            }
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
