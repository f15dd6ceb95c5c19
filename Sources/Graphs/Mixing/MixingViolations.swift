import Configuration
import Randomness

/// Where a mixing matrix fails to have each property first, in words.
package struct MixingViolations: Sendable {
    package private(set) var negative: String?
    package private(set) var row: String?
    package private(set) var column: String?
    package private(set) var asymmetry: String?
    package private(set) var diagonal: String?

    /// Whether there are too many weights to look at.
    package let isUnknown: Bool

    private static let tolerance = 1e-9

    /// Goes through the rows of a period once.
    package init(_ matrix: MixingMatrix) {
        isUnknown = matrix.weightCount > MixingMatrix.weightLimit
        if isUnknown { return }
        for round in 0..<matrix.period { examine(matrix, round) }
    }

    private mutating func examine(_ matrix: MixingMatrix, _ round: UInt64) {
        let suffix = matrix.period > 1 ? " in round \(round)" : ""
        var columns = [Double](repeating: 0, count: matrix.peers)
        // W and its transpose are compared by what they make of one vector of arbitrary numbers: the time and memory of
        // the rows alone, and no two different matrices make the same of it but by an unheard-of accident.
        var random = RandomStream(seed: 1, purpose: .topology, peer: -1)
        let probe = (0..<matrix.peers).map { _ in random.uniform(from: 1, to: 2) }
        var difference = columns
        for receiver in 0..<matrix.peers {
            var sum = 0.0
            var own = 0.0
            for item in matrix.row(of: PeerID(receiver), round: round) {
                let sender = item.peer.rawValue
                sum += item.weight
                columns[sender] += item.weight
                difference[receiver] += item.weight * probe[sender]
                difference[sender] -= item.weight * probe[receiver]
                if sender == receiver { own = item.weight }
                if item.weight < 0 {
                    negative = negative ?? "receiver \(receiver) puts the weight \(item.weight) on \(sender)" + suffix
                }
            }
            if !(own > 0) {
                diagonal = diagonal ?? "peer \(receiver) gives its own value the weight \(own)" + suffix
            }
            if !(abs(sum - 1) <= Self.tolerance) {
                row = row ?? "the weights of receiver \(receiver) (row \(receiver)) sum to \(sum), not 1" + suffix
            }
        }
        for (sender, sum) in columns.enumerated() where !(abs(sum - 1) <= Self.tolerance) {
            column = column ?? "the weights on sender \(sender) (column \(sender)) sum to \(sum), not 1" + suffix
        }
        if let peer = difference.firstIndex(where: { !(abs($0) <= Self.tolerance) }) {
            asymmetry = asymmetry ?? Self.asymmetry(matrix, of: peer, round) + suffix
        }
    }

    private static func asymmetry(_ matrix: MixingMatrix, of peer: Int, _ round: UInt64) -> String {
        func weight(_ receiver: Int, _ sender: Int) -> Double {
            matrix.row(of: PeerID(receiver), round: round).first { $0.peer.rawValue == sender }?.weight ?? 0
        }
        let other = (0..<matrix.peers).max { a, b in
            abs(weight(peer, a) - weight(a, peer)) < abs(weight(peer, b) - weight(b, peer))
        }
        let one = other ?? peer
        return "peer \(peer) puts \(weight(peer, one)) on peer \(one), which puts \(weight(one, peer)) on it"
    }
}
