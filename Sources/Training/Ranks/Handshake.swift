import Checkpoints
import Configuration
import Dispatch
import Experiments
import Gossip
import Graphs
package import Records
package import Runs
import Runtime
import Workloads

/// What a rank has made ready, by which rank 0 sees whether all are about to carry out one run.
struct Handshake: Codable, Sendable {
    /// What must be equal on all ranks, in the order in which differences explain each other.
    var facts: [Fact] = []
    /// Why the rank is not ready, and its exit code for that.
    var problem: String?
    var code: Int32 = 0
    var place = RankPlace()

    struct Fact: Codable, Sendable, Equatable {
        let key: String
        let value: String
    }

    init(problem: String, code: Int32) {
        self.problem = problem
        self.code = code
    }

    init(_ plan: TrainingPlan) {
        place = .here
        let manifest = CheckpointManifest(plan, stepsMade: [])
        facts = [Fact(key: "version", value: murmurVersion)]
        facts += plan.experiment.settings.filter { !Self.isOwn($0.0) }.map { Fact(key: $0.0, value: $0.1) }
        facts += [
            Fact(key: "steps", value: "\(plan.steps)"), Fact(key: "parameters", value: "\(manifest.parameters)"),
            Fact(key: "model layout", value: manifest.layout),
            Fact(key: "data", value: plan.workload.fingerprint),
            Fact(key: "graph", value: String(MixingMatrix(plan.graph).fingerprint, radix: 16)),
        ]
    }

    /// Settings that each rank may have of its own: where its files lie, and what only rank 0 does.
    private static func isOwn(_ key: String) -> Bool {
        [
            "data.path", "data.workers", "model.weights", "name", "checkpoint.resume", "checkpoint.keep_last",
            "save.peers", "simulation.workers",
        ].contains(key)
    }

    /// Why this rank does not begin a run with another one; nil when it does.
    func refusal(of other: Handshake, rank: Int) -> HandshakeError? {
        if let problem = other.problem {
            return HandshakeError(description: "rank \(rank): \(problem)", code: other.code)
        }
        return difference(to: other, rank: rank).map { HandshakeError(description: $0, code: 78) }
    }

    /// The first difference to another rank, in one sentence.
    func difference(to other: Handshake, rank: Int) -> String? {
        for (mine, theirs) in zip(facts, other.facts) where mine != theirs {
            guard mine.key == theirs.key else { break }
            return
                "rank \(rank) has \(theirs.key): \(theirs.value), and rank 0 has \(mine.value); start all ranks with "
                + "the same build, experiment file and settings"
        }
        return facts.map(\.key) == other.facts.map(\.key)
            ? nil : "rank \(rank) knows other settings than rank 0; start all ranks with the same build"
    }
}

extension ControlMailbox {
    /// Waits until all other ranks have introduced themselves, and throws `HandshakeError` where one is not ready for
    /// this plan: of several always the first rank, whichever came first.
    ///
    /// - Returns: Where each rank is, in their order.
    @discardableResult
    package func shakeHands(_ plan: TrainingPlan) throws -> [RankPlace] {
        let mine = Handshake(plan)
        var places = [RankPlace](repeating: .here, count: count)
        var missing = Set(0..<count).subtracting([rank])
        var errors: [Int: HandshakeError] = [:]
        while !missing.isEmpty {
            while let (message, other) = try take() {
                guard case .handshake(let theirs) = message.head else { continue }
                missing.remove(other)
                places[other] = theirs.place
                errors[other] = mine.refusal(of: theirs, rank: other)
            }
            while let silent = takeTimeout() {
                ranks.forget(silent)
                missing.remove(silent)
                errors[silent] = errors[silent] ?? .timeout(of: silent)
            }
            if !missing.isEmpty { mail.wait() }
        }
        if let first = errors.min(by: { $0.key < $1.key }) { throw first.value }
        return places
    }
}
