package import Configuration

/// How an algorithm divides one network among all peers of a run: stages of consecutive layers, and in each stage as
/// many peers, its slots, which share the work.
///
/// Peers are numbered stage by stage. The vectors of a peer are those of its stage's parameters alone.
public struct Division: Hashable, Sendable {
    /// How the slots of a stage share the work on a microbatch.
    public enum Split: String, Hashable, Sendable, CaseIterable {
        /// By samples.
        case rows
        /// By the outputs of layers with weights.
        case neurons
    }

    /// The numbers of each stage's layers; nil: as many stages as there are peers for, of equal work.
    public let stages: [[Int]]?
    /// How many peers a stage has.
    public let peersPerStage: Int
    /// How they share its work.
    public let split: Split
    /// Into how many equal parts a batch is divided, which pass through the stages one behind the other.
    public let microbatches: Int

    /// The division that the user asks for.
    public init(stages: [[Int]]?, peersPerStage: Int, split: Split, microbatches: Int) {
        self.stages = stages
        self.peersPerStage = peersPerStage
        self.split = split
        self.microbatches = microbatches
    }

    /// How many stages so many peers make.
    public func stageCount(peers: Int) -> Int { stages?.count ?? max(peers / peersPerStage, 1) }

    /// Throws unless every stage has its peers, and every peer its stage.
    package func check(peers: Int) throws(ConfigurationError) {
        let stages = stageCount(peers: peers)
        guard stages * peersPerStage != peers else { return }
        throw ConfigurationError(
            key: "peers_per_stage",
            "\(peers) peers do not make \(stages) \(stages == 1 ? "stage" : "stages") of \(peersPerStage); take "
                + "peers=\(stages * peersPerStage), or other stages")
    }
}
