public import Configuration

/// Two complete halves with one bridge between them: what is known in one half comes slowly to the other.
public struct Dumbbell: ListedTopology {
    public static let description = Description(
        name: "dumbbell", summary: "two complete halves and one edge between them",
        options: [MixingRule.option().description])

    private let peers: Int

    public init(peers: Int, seed: UInt64, options: Options) { self.peers = peers }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        let middle = (peers + 1) / 2
        let half = peer < middle ? 0..<middle : middle..<peers
        let others = half.filter { $0 != peer }
        // The bridge joins the last of the first half to the first of the second.
        if peer == middle - 1, middle < peers { return others + [middle] }
        return peer == middle ? [middle - 1] + others : others
    }
}
