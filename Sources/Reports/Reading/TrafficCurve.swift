/// How many bytes all peers had sent at any time, known at some.
struct TrafficCurve {
    private let byStep: [Int: Double]
    private let points: [(time: Double, bytes: Double)]

    init(_ records: [Metrics.Traffic]) {
        byStep = Dictionary(records.map { ($0.step, $0.bytes) }) { $1 }
        points = [(0, 0)] + records.map { ($0.time, $0.bytes) }.sorted { $0.0 < $1.0 }
    }

    /// What was recorded with a step, or else between the records around that time.
    func bytes(atStep step: Int, time: Double) -> Double { byStep[step] ?? bytes(at: time) }

    /// On the straight line between the records around a time; after the last one, what that one says.
    func bytes(at time: Double) -> Double {
        // The first point that is not before the time, by halving.
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].time < time { low = middle + 1 } else { high = middle }
        }
        guard low < points.count else { return points[points.count - 1].bytes }
        let end = points[low]
        guard low > 0, end.time > points[low - 1].time else { return end.bytes }
        let begin = points[low - 1]
        return begin.bytes + (end.bytes - begin.bytes) * (time - begin.time) / (end.time - begin.time)
    }
}
