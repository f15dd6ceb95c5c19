public import Configuration
import Gossip
public import Records
public import Runs
public import Simulator
public import Vectors
public import Workloads

/// How a simulated run ended, and what it came to.
public struct SimulationOutcome: Sendable {
    /// Why the run ended.
    public let ending: RunEnding
    /// Promises that did not hold, the first one first; empty where all held.
    public let violations: [Violation]
    /// What the simulator saw until the end.
    public let statistics: SimulationStatistics
    /// What a run on threads records, with seconds of virtual time.
    public let summary: Summary
    /// Seconds of virtual time until nothing was left to happen.
    public let virtualSeconds: Double
    /// Gradient steps of the learner that made the fewest and of the one that made the most, among those alive.
    public let stepsMin: Int
    /// See `stepsMin`.
    public let stepsMax: Int
    /// Gradient steps of all learners in a second of the wall clock, tests of models apart.
    public let peerStepsPerSecond: Double
    /// Mass that was lost with peers that died; nil where the algorithm has none.
    public let lostMass: Double?
    /// Mass that is there twice because peers came back from a checkpoint, or a sender got back what a dead peer had
    /// used; nil where the algorithm has none.
    public let madeMass: Double?
    /// Learners that made fewer steps than asked, because the others had made theirs before these took part.
    public let joiners: [Latecomer]
    /// What went wrong, in the form of the key `simulation.faults`.
    public let faults: String
    /// The server's model where there is one, else the average of the learners' evaluated models.
    public let model: Payload
    /// What that model says of each test sample; none where nothing is classified.
    public let answers: [Answer]
    /// Each learner's model at the end, where the experiment wants them kept.
    public let peerModels: [Payload?]
    /// Test accuracy and mean loss of each tested learner's model.
    public let peers: [Score]
    /// The same of the server's model; nil where there is no server.
    public let server: Score?

    /// A learner that joined a run whose peers make their steps together.
    public struct Latecomer: Sendable, Hashable {
        /// The learner's number.
        public let peer: Int
        /// Gradient steps that it made itself.
        public let steps: Int
    }
}

extension SimulationOutcome {
    /// The outcome as the command prints it, keys sorted.
    public var json: JSON {
        func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
        var fields: [(key: String, value: JSON)] = [
            ("algorithm", .string(summary.algorithm)), ("peers", .integer(summary.peers)),
            ("model", .string(summary.model)), ("seed", .integer(summary.seed)),
            ("virtual_seconds", .number(virtualSeconds)), ("wall_seconds", .number(summary.wallSeconds)),
            ("events", .integer(statistics.events)), ("messages", .integer(statistics.messages)),
            ("delivered", .integer(statistics.delivered)), ("dropped", .integer(statistics.dropped)),
            ("duplicated", .integer(statistics.duplicated)), ("corrupted", .integer(statistics.corrupted)),
            ("crashes", .integer(statistics.crashes)), ("restarts", .integer(statistics.restarts)),
            ("joins", .integer(statistics.joins)), ("bytes", .integer(summary.bytesSent)),
            ("violations", .array(violations.map(\.json))),
            ("steps_min", .integer(stepsMin)), ("steps_max", .integer(stepsMax)),
            ("peer_steps_per_second", .number(peerStepsPerSecond)),
            ("peak_memory_bytes", .integer(summary.peakMemoryBytes)),
            ("consensus_distance", number(summary.consensusDistance)), ("weight_mass", number(summary.weightMass)),
            ("lost_mass", number(lostMass)), ("made_mass", number(madeMass)),
            (
                "fewer_steps",
                .array(
                    joiners.map { .object([("peer", .integer($0.peer)), ("steps", .integer($0.steps))]) })
            ),
            ("time_to_target_seconds", number(summary.timeToTargetSeconds)),
            ("schedule_digest", .string(digest)), ("faults", .string(faults)),
            (
                "test_accuracy",
                .object([
                    ("consensus", number(summary.testAccuracy.consensus)), ("mean", number(summary.testAccuracy.mean)),
                    ("min", number(summary.testAccuracy.min)), ("max", number(summary.testAccuracy.max)),
                    ("centre", number(summary.testAccuracy.server)),
                ])
            ),
            ("test_loss", number(summary.testLoss)),
            ("evaluated", summary.evaluated.map { .string($0.rawValue) } ?? .null),
            ("abandoned", abandonment.map(JSON.string) ?? .null),
        ]
        if statistics.connections > 0 {
            fields += [
                ("connections", .integer(statistics.connections)), ("link_breaks", .integer(statistics.linkBreaks)),
                ("doubts_over", .integer(statistics.doubtsOver)), ("leaves", .integer(statistics.leaves)),
            ]
        }
        if let models = summary.models { fields.append(("models", .array(models.map { .array($0.map(JSON.number)) }))) }
        if let server = summary.server { fields.append(("centre", .array(server.map(JSON.number)))) }
        if let loss = summary.loss { fields.append(("loss", .number(loss))) }
        return JSON.object(fields).sorted
    }

    /// The schedule's number in 16 hexadecimal digits.
    public var digest: String { statistics.digest.hexadecimal }

    /// Why a peer gave up, where one did.
    public var abandonment: String? {
        if case .abandoned(_, let reason) = ending { reason } else { nil }
    }
}

extension Violation {
    var json: JSON {
        .object([
            ("what", .string(what)), ("time", .number(time.seconds)), ("event", .integer(event)),
            ("recent", .array(recent.map(JSON.string))),
        ])
    }
}
