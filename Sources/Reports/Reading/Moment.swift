/// Where a point of a curve lies on each axis that it may be drawn against.
struct Moment: Sendable, Hashable {
    /// Seconds of training.
    var time: Double
    /// Seen by all peers together.
    var samples: Double
    /// Sent by all peers together.
    var bytes: Double
    /// Passes over the training set.
    var epoch = 0.0
}
