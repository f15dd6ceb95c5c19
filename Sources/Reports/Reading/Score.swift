/// How well one model does.
struct Score: Sendable, Hashable {
    var accuracy: Double?
    var loss: Double?
}

extension Score {
    init(_ record: Metrics.Learning) { self.init(accuracy: record.accuracy, loss: record.loss) }
}
