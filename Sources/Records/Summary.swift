import Configuration
public import Experiments
import Foundation

/// What came out of a run: the content of `summary.json`.
///
/// A number that is not finite, and one that does not apply, is written as null.
public struct Summary: Sendable, Hashable, Decodable {
    public var algorithm: String
    public var peers: Int
    public var model: String
    public var data: String
    public var seed: Int
    public var samplesSeen = 0
    public var trainSeconds = 0.0
    /// With evaluation, loading and writing.
    public var wallSeconds = 0.0
    public var samplesPerSecond = 0.0
    /// Whose model `testLoss`, `timeToTargetSeconds` and the saved model are; nil in records of versions that did not
    /// say it.
    public var evaluated: Evaluated?
    public var testAccuracy = Spread()
    /// Of the evaluated model.
    public var testLoss: Double?
    public var consensusDistance: Double?
    public var messagesSent = 0
    public var bytesSent = 0
    /// What the algorithm's weights add up to, living peers and mailboxes together; nil where it has none.
    public var weightMass: Double?
    /// The weights that were lost with peers that died; nil, and absent, where none did.
    public var lostMass: Double?
    public var timeToTargetSeconds: Double?
    /// The time of training of all peers, each until its last step, in four parts that add up to it: computing
    /// gradients; beside no gradient, the optimizer's steps with what they mix and send; and handling messages; and the
    /// rest, waiting. The second is nil in records of versions that did not sum it.
    public var gradientSeconds = 0.0
    public var updateSeconds: Double?
    public var communicationSeconds = 0.0
    public var waitingSeconds = 0.0
    public var peakMemoryBytes = 0
    public var version = murmurVersion
    /// What each peer did and came to; nil in records of versions that did not count it.
    public var perPeer: [PeerSummary]?
    /// Messages from each peer (row) to each (column), servers last, as are the bytes of their payloads below; nil
    /// where there are more than `PeerSummary.pairLimit` peers.
    public var messagesByPair: [[Int]]?
    public var bytesByPair: [[Int]]?
    /// The evaluated vector of each peer; the quadratic's only.
    public var models: [[Double]]?
    /// The same of the server behind the learners, where there is one.
    public var server: [Double]?
    /// The mean of all peers' objectives at an evaluated vector, averaged over the peers; the quadratic's only.
    public var loss: Double?

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
        public var consensus: Double?
        public var mean: Double?
        public var min: Double?
        public var max: Double?
        /// Of the server behind the learners; nil where there is none.
        public var server: Double?

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
        case algorithm, peers, model, data, seed, version, models, loss, evaluated
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
            (.version, .string(version)), (.evaluated, evaluated.map { .string($0.rawValue) } ?? .null),
        ]
        if let lostMass { fields.append((.lostMass, .number(lostMass))) }
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
