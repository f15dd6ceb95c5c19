/// Something that threads may compute before it is needed.
protocol ComputedAhead: AnyObject, Sendable {
    /// Bytes that it takes from when it is computed until it is needed.
    var byteCount: Int { get }

    /// Computes it; false where there is nothing to compute any more.
    func computeAhead() -> Bool
}
