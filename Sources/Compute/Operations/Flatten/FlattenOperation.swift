internal import Models

extension Flatten: ComputedLayer {
    func operation(_ layer: PlacedLayer, mode: Mode) -> (any Operation)? { FlattenOperation(layer: layer) }
}

/// Plain images are flat already; nothing is left for the tape but a change of layout.
struct FlattenOperation: Operation {
    let layer: PlacedLayer

    func forward(_ input: Value, in planner: inout Planner) throws(OneDNNError) -> Value {
        let plain = try planner.value(input, in: .plain)
        let channels = planner.neurons.flatMap { layer.channels(behind: plain.channels, $0) }
        return Value(
            shape: [plain.count], layout: .plain, slice: plain.slice, isShared: plain.isShared, channels: channels)
    }
}
