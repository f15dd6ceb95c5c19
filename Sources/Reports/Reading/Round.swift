/// Scores that belong to the same step of each peer.
struct Round: Sendable {
    var step: Int
    var moment: Moment
    var consensus: Score?
    /// By their numbers, ascending.
    var peers: [(peer: Int, score: Score)]
    /// The server's model, where there is a server.
    var server: Score?
    var distance: Double?
    /// Of the peers' steps; without numbers where it was not recorded.
    var learningRate: Band

    /// Of the model that the run is judged by: the server's where there is one, else the average.
    var evaluated: Score? { server ?? consensus }
    /// Whose model that is.
    var judged: String { server == nil ? "consensus" : "server" }
}
