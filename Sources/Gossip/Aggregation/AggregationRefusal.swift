import Configuration

/// Why some algorithms mix by the mean alone: what they say to whoever asks for a rule.
enum AggregationRefusal {
    private static let key = AggregationRules.option.description.name
    private static let remedy = "leave it out, or choose an algorithm that mixes rows, such as dpsgd"

    /// Those whose weights are shares of one whole.
    static let mass = [
        key: "what is sent here carries a share of one whole with it, and a rule that shortens or drops a vector would "
            + "keep the share and lose what it stands for; \(remedy)"
    ]
    /// Those that correct models by what mixing did.
    static let correction = [
        key: "the correction here adds up over rounds what mixing did to the mean of all, and no rule but the mean "
            + "keeps that; \(remedy) or qg-dsgdm"
    ]
    /// Those that add up what all peers have without anybody's seeing one vector alone.
    static let sum = [
        key: "the average of all peers goes round a ring as one sum here, in which nobody sees a model alone; "
            + "\(remedy) with topology.name=complete, or local-sgd"
    ]
    /// Those whose pairs move by opposite amounts.
    static let pair = [
        key: "both of a pair move by the same difference here, so that the sum of all models stays, and a rule would "
            + "move them apart; \(remedy) or gossip-pull"
    ]
}
