package import Graphs
import Records
package import Runtime
import Workloads

extension Summary {
    /// Takes in how well the models do at the end, and what all nodes have sent: the same for every way to run.
    package mutating func take(_ round: RunEvaluation.Round, _ statistics: [NodeStatistics]) {
        let accuracies = round.peers.compactMap(\.accuracy)
        testAccuracy = Spread(
            consensus: round.consensus.accuracy,
            mean: accuracies.isEmpty ? nil : accuracies.reduce(0, +) / Double(accuracies.count),
            min: accuracies.min(), max: accuracies.max(), server: round.server?.accuracy)
        evaluated = round.evaluated
        testLoss = round.evaluatedScore.loss
        consensusDistance = round.distance
        messagesSent = statistics.map(\.messagesSent).reduce(0, +)
        bytesSent = statistics.map(\.bytesSent).reduce(0, +)
    }

    /// Names the peers that were byzantine at some time, where there were any.
    package mutating func note(byzantinePeers peers: [PeerID]) {
        byzantinePeers = peers.isEmpty ? nil : peers.map(\.rawValue)
    }
}
