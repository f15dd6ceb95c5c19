import Graphs

extension Attacked {
    /// What is said in a message, where byzantine peers slander: the worst of the honest, and the best of each other.
    func said(_ metadata: Metadata, _ attack: Attack?) -> Metadata {
        guard attack == .slander, !honest.algorithm.trustInNeighbours.isEmpty else { return metadata }
        let subject = PeerID(Int(metadata.round % UInt64(learners)))
        let opinion = Opinion(
            good: byzantinePeers.contains(subject) ? Opinion.greatestCount : 0, count: Opinion.greatestCount)
        var metadata = metadata
        metadata.weight += Double(opinion.bits) - Double(UInt64(metadata.weight) & Opinion.mask)
        return metadata
    }
}
