import Runtime

/// What a peer has done so far, as its caller is told.
struct PeerFigures: Sendable {
    var rank = 0
    var ranks = 1
    /// Ranks that are there, this one included.
    var ranksHere = 1
    var statistics = NodeStatistics()
    /// The batches since the figures were last asked for.
    var losses = LossTally()
    /// Seconds at which the first gradient was wanted; nil before.
    var beganAt: Double?
    var seconds = 0.0
    var waitingSeconds = 0.0
    var copiesIn: UInt64 = 0
    var copiesOut: UInt64 = 0
    /// Mean loss since the figures were last asked for; nil where there was no batch.
    var loss: Double?
}
