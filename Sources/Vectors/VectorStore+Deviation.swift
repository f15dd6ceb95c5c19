extension VectorStore {
    /// `slot <- the standard deviation of the sources` in each coordinate, with one less than their count in the
    /// denominator; 0 for a single one. Every source has as many numbers as the slot, and none is the slot.
    public mutating func deviation(into target: Int, of sources: [Term.Source]) {
        let share = 1 / Double(max(sources.count, 1))
        let inverse = 1 / Double(max(sources.count - 1, 1))
        let numbers = sources.map { whole($0, besides: target) }
        let into = writable(target)
        for index in 0..<count {
            let mean = numbers.reduce(0.0) { $0 + Double($1[index]) } * share
            let squares = numbers.reduce(0.0) { $0 + (Double($1[index]) - mean) * (Double($1[index]) - mean) }
            into[index] = Float((squares * inverse).squareRoot())
        }
        // Payloads must outlive the raw pointers above.
        withExtendedLifetime(sources) {}
    }

    private func whole(_ source: Term.Source, besides target: Int) -> Kernels.Source {
        switch source {
        case .slot(let slot, let range):
            precondition(slot != target && range.count == count, "a deviation of \(range) of slot \(slot)")
            return pointer(slot)
        case .payload(let payload):
            precondition(payload.count == count, "a deviation of \(payload.count) numbers, not of \(count)")
            guard let base = payload.buffer.baseAddress else { preconditionFailure("a payload lost its block") }
            return base
        }
    }
}
