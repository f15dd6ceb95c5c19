import Configuration
public import Experiments
import Foundation

/// What came out of a run: the content of `summary.json`.
///
/// A number that is not finite, and one that does not apply, is written as null.
public struct Summary: Sendable, Hashable, Decodable {
    /// The algorithm by the name in the experiment.
    public var algorithm: String
    /// Learners, servers not among them.
    public var peers: Int
    /// The model by the name in the experiment.
    public var model: String
    /// The name of the data set; `none` for a model that reads no data.
    public var data: String
    /// The seed of the experiment.
    public var seed: Int
    /// What brought the run to its end; nil in records of versions that did not say it.
    public var ending: Ending?
    /// Training samples that all learners learned from, one that came again counted again.
    public var samplesSeen = 0
    /// Seconds of training, tests and writing excluded; those of virtual time in a simulated run.
    public var trainSeconds = 0.0
    /// Seconds by the clock on the wall, with evaluation, loading and writing.
    public var wallSeconds = 0.0
    /// `samplesSeen` over `trainSeconds`; 0 where no time went by.
    public var samplesPerSecond = 0.0
    /// Whose model `testLoss`, `timeToTargetSeconds` and the saved model are; nil in records of versions that did not
    /// say it.
    public var evaluated: Evaluated?
    /// Test accuracies at the end, each from 0 to 1.
    public var testAccuracy = Spread()
    /// Mean test loss of the evaluated model.
    public var testLoss: Double?
    /// How far the learners' models are from their average at the end (root mean square).
    public var consensusDistance: Double?
    /// Messages that all peers have sent, servers among them.
    public var messagesSent = 0
    /// Bytes of the payloads of those messages.
    public var bytesSent = 0
    /// What the algorithm's weights add up to, living peers and mailboxes together; nil where it has none.
    public var weightMass: Double?
    /// The weights that were lost with peers that died; nil, and absent, where none did.
    public var lostMass: Double?
    /// The peers that were byzantine at some time; accuracies and distances are of the others. Nil, and absent, where
    /// there were none.
    public var byzantinePeers: [Int]?
    /// How peers that judge their neighbours came to trust them; nil, and absent, where they do not.
    public var trust: TrustSummary?
    /// Seconds of training until a test first found the evaluated model as accurate as asked for; nil where none did.
    public var timeToTargetSeconds: Double?
    /// Seconds of all learners in which gradients were computed. With the three below it adds up to the times of
    /// training of all learners, each until its last step.
    public var gradientSeconds = 0.0
    /// Seconds of all learners, beside no gradient, in the optimizer's steps with what they mix and send; nil in
    /// records of versions that did not sum them.
    public var updateSeconds: Double?
    /// Seconds of all learners in which messages were handled beside no gradient.
    public var communicationSeconds = 0.0
    /// Seconds of all learners that went into nothing of the above.
    public var waitingSeconds = 0.0
    /// The most memory in use at once, summed over the processes of the run; 0 where the system does not tell.
    public var peakMemoryBytes = 0
    /// The version of the program that wrote the summary.
    public var version = murmurVersion
    /// What each peer did and came to; nil in records of versions that did not count it.
    public var perPeer: [PeerSummary]?
    /// Messages from each peer (row) to each (column), servers last; nil where there are more than
    /// `PeerSummary.pairLimit` peers.
    public var messagesByPair: [[Int]]?
    /// Bytes of the payloads of those messages, in the same shape.
    public var bytesByPair: [[Int]]?
    /// The evaluated vector of each peer; the quadratic's only.
    public var models: [[Double]]?
    /// The same of the server behind the learners, where there is one.
    public var server: [Double]?
    /// The mean of all peers' objectives at an evaluated vector, averaged over the peers; the quadratic's only.
    public var loss: Double?

    /// What brings a run to its end.
    public enum Ending: String, Sendable, Hashable, Codable {
        /// Every living learner has made the steps asked for.
        case completed
        /// The evaluated model is as accurate as asked for.
        case targetReached = "target_reached"
        /// Somebody asked for an early end.
        case stopped
        /// A loss or a model was no number.
        case diverged
        /// A peer could not go on without one that was gone.
        case abandoned
    }

    /// Which model a run is judged by.
    public enum Evaluated: String, Sendable, Hashable, Codable {
        /// The average of the learners' models.
        case consensus
        /// The model of the server behind the learners.
        case server
    }

    /// The test accuracy of the evaluated model.
    public var evaluatedAccuracy: Double? { evaluated == .server ? testAccuracy.server : testAccuracy.consensus }

    /// The test accuracy of the consensus model, and over the peers.
    public struct Spread: Sendable, Hashable, Decodable {
        /// Of the average of the learners' models; nil for a model without accuracy, as are the others.
        public var consensus: Double?
        /// Average over the learners whose models were tested.
        public var mean: Double?
        /// Of the least accurate learner.
        public var min: Double?
        /// Of the most accurate learner.
        public var max: Double?
        /// Of the server behind the learners; nil where there is none.
        public var server: Double?

        /// No accuracies but those given: the quadratic has none.
        public init(
            consensus: Double? = nil, mean: Double? = nil, min: Double? = nil, max: Double? = nil, server: Double? = nil
        ) {
            self.consensus = consensus
            self.mean = mean
            self.min = min
            self.max = max
            self.server = server
        }

        private enum CodingKeys: String, CodingKey {
            case consensus, mean, min, max
            case server = "centre"
        }
    }

    /// The summary of a run of this experiment before anything has happened.
    public init(_ experiment: Experiment) {
        algorithm = experiment.algorithm.name
        peers = experiment.peers
        model = experiment.model.name
        data = experiment.workloadKind.readsData ? experiment.data.name : "none"
        seed = experiment.seed
    }

    package enum CodingKeys: String, CodingKey {
        case algorithm, peers, model, data, seed, ending, version, models, loss, evaluated, trust
        case server = "centre"
        case samplesSeen = "samples_seen"
        case trainSeconds = "train_seconds"
        case wallSeconds = "wall_seconds"
        case samplesPerSecond = "samples_per_second"
        case testAccuracy = "test_accuracy"
        case testLoss = "test_loss"
        case consensusDistance = "consensus_distance"
        case messagesSent = "messages_sent"
        case bytesSent = "bytes_sent"
        case weightMass = "weight_mass"
        case lostMass = "lost_mass"
        case byzantinePeers = "byzantine_peers"
        case timeToTargetSeconds = "time_to_target_seconds"
        case gradientSeconds = "gradient_seconds"
        case updateSeconds = "update_seconds"
        case communicationSeconds = "communication_seconds"
        case waitingSeconds = "waiting_seconds"
        case peakMemoryBytes = "peak_memory_bytes"
        case perPeer = "per_peer"
        case messagesByPair = "messages_by_pair"
        case bytesByPair = "bytes_by_pair"
    }
}

extension Summary {
    /// The summary in JSON with sorted keys, in one line or with a key a line.
    public func text(indented: Bool = false) -> String {
        let sorted = json.sorted
        return indented ? sorted.indented : sorted.text
    }

    /// The summary under the names of its keys.
    private var json: JSON {
        func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
        var fields: [(CodingKeys, JSON)] = [
            (.algorithm, .string(algorithm)), (.peers, .integer(peers)), (.model, .string(model)),
            (.data, .string(data)), (.seed, .integer(seed)), (.samplesSeen, .integer(samplesSeen)),
            (.trainSeconds, .number(trainSeconds)), (.wallSeconds, .number(wallSeconds)),
            (.samplesPerSecond, .number(samplesPerSecond)),
            (
                .testAccuracy,
                .object(
                    [
                        ("consensus", number(testAccuracy.consensus)), ("mean", number(testAccuracy.mean)),
                        ("min", number(testAccuracy.min)), ("max", number(testAccuracy.max)),
                    ] + (testAccuracy.server.map { [("centre", .number($0))] } ?? []))
            ),
            (.testLoss, number(testLoss)), (.consensusDistance, number(consensusDistance)),
            (.messagesSent, .integer(messagesSent)), (.bytesSent, .integer(bytesSent)),
            (.weightMass, number(weightMass)), (.timeToTargetSeconds, number(timeToTargetSeconds)),
            (.gradientSeconds, .number(gradientSeconds)), (.updateSeconds, number(updateSeconds)),
            (.communicationSeconds, .number(communicationSeconds)),
            (.waitingSeconds, .number(waitingSeconds)), (.peakMemoryBytes, .integer(peakMemoryBytes)),
            (.version, .string(version)), (.ending, ending.map { .string($0.rawValue) } ?? .null),
            (.evaluated, evaluated.map { .string($0.rawValue) } ?? .null),
        ]
        if let lostMass { fields.append((.lostMass, .number(lostMass))) }
        if let byzantinePeers { fields.append((.byzantinePeers, .array(byzantinePeers.map(JSON.integer)))) }
        if let trust { fields.append((.trust, trust.json)) }
        if let perPeer { fields.append((.perPeer, .array(perPeer.map(\.json)))) }
        for (key, table) in [(CodingKeys.messagesByPair, messagesByPair), (.bytesByPair, bytesByPair)] {
            if let table { fields.append((key, .array(table.map { .array($0.map(JSON.integer)) }))) }
        }
        if let models { fields.append((.models, .array(models.map { .array($0.map(JSON.number)) }))) }
        if let server { fields.append((.server, .array(server.map(JSON.number)))) }
        if let loss { fields.append((.loss, .number(loss))) }
        return .object(fields.map { ($0.rawValue, $1) })
    }

    /// The summary in a text, as `text` writes it.
    public init(text: String) throws {
        self = try JSONDecoder().decode(Summary.self, from: Data(text.utf8))
    }
}
