internal import Models

extension Planner {
    /// Appends the passing over what these layers draw, which others compute.
    mutating func skipDraws(of layers: some Sequence<PlacedLayer>) {
        guard mode == .training else { return }
        let dropouts = layers.flatMap(\.all).filter { $0.kind is Dropout }
        let draws = dropouts.reduce(0) { $0 + samples * $1.inputShape.reduce(1, *) }
        guard draws > 0 else { return }
        append([]) { _, state in state.dropout.skip(draws) }
    }
}
