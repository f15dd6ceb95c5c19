import Datasets
import Foundation
import Gossip
import Runs
import Runtime
import Synchronization
import TestKit
import Testing
import Vectors

@testable import Checkpoints
@testable import Experiments
@testable import Records
@testable import Training
@testable import Workloads

/// A run over ranks is the run on threads: the same crew, led by letters.
@Suite struct RanksTests {
    private static let quadratic = [
        "model.name=quadratic", "model.targets=[[1, -1], [2, 0], [4, 5], [9, 2], [3, 3]]", "model.noise=0.5",
        "steps=40", "optimizer.learning_rate=0.1", "optimizer.name=sgd",
    ]

    private func onThreads(_ overrides: [String]) throws -> TrainingOutcome {
        try TrainingRun(RankedRun(ranks: 1, overrides: overrides).plan(), metrics: nil).run()
    }

    /// Five learners on two to five ranks, so that some ranks hold several, and a server on one of its own.
    @Test(arguments: ["allreduce", "dpsgd", "local-sgd", "relaysgd", "d2", "easgd", "fedavg"], [2, 3, 5])
    func equalToTheBitOnAnyNumberOfRanks(algorithm: String, ranks: Int) throws {
        let overrides =
            Self.quadratic + [
                "algorithm.name=\(algorithm)"
            ] + (algorithm == "dpsgd" ? ["topology.name=ring"] : [])
        let here = try onThreads(overrides).summary
        let there = try RankedRun(ranks: ranks, overrides: overrides).outcome().summary
        #expect(try #require(here.models).count == 5 && there.models == here.models && there.server == here.server)
        #expect(there.samplesSeen == here.samplesSeen && there.messagesByPair == here.messagesByPair)
    }

    /// Every test on the way, too: of the learners, their average and the server.
    @Test(arguments: ["allreduce", "dpsgd", "slowmo", "easgd", "fedavg"]) func curvesAreEqualOnRanks(
        algorithm: String
    ) throws {
        let overrides =
            [
                "data.name=synthetic", "data.samples=120", "model.name=softmax", "batch=10", "peers=4", "epochs=3",
                "evaluate.every_epochs=0.5", "algorithm.name=\(algorithm)",
            ] + (["slowmo", "easgd"].contains(algorithm) ? ["algorithm.period=2"] : [])
        try withTemporaryFolder { folder in
            func curve(_ name: String, _ body: (MetricsWriter) throws -> Void) throws -> [String] {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
                let metrics = try MetricsWriter("\(folder)/\(name)/metrics.jsonl")
                try body(metrics)
                try metrics.close()
                return try ResumedRuns.records(of: "\(folder)/\(name)").filter { !$0.contains("\"train\"") }
            }
            let run = RankedRun(ranks: 3, overrides: overrides)
            let here = try curve("here") {
                let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
                let plan = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
                _ = try TrainingRun(plan, metrics: $0).run()
            }
            let there = try curve("there") { metrics in
                let (outcome, _) = try run.run { mailbox, plan, _ in
                    _ = try TrainingRun(plan, metrics: metrics, mailbox: mailbox).run()
                }
                try outcome.get()
            }
            #expect(here.count > 5 * 6 && there == here)
        }
    }

    /// The rates in the records are those of the schedule, each peer's by its own steps, wherever the peer lives.
    @Test(arguments: [1, 3]) func everyStepIsRecordedWithItsLearningRate(ranks: Int) throws {
        let overrides = [
            "data.name=synthetic", "data.samples=80", "model.name=softmax", "batch=10", "peers=4", "epochs=6",
            "algorithm.name=allreduce", "optimizer={name: adam, learning_rate: 0.3}",
            "schedule={name: step, epochs: [4], warmup_epochs: 2, reference_batch: 20}",
        ]
        try withTemporaryFolder { folder in
            let metrics = try MetricsWriter("\(folder)/metrics.jsonl")
            let (outcome, _) = try RankedRun(ranks: ranks, overrides: overrides).run { mailbox, plan, _ in
                _ = try TrainingRun(plan, metrics: metrics, mailbox: ranks > 1 ? mailbox : nil).run()
            }
            try outcome.get()
            try metrics.close()
            var rates: [Int: [Int: Float]] = [:]
            for line in try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8).split(separator: "\n") {
                guard
                    case .learning(let step, _, _, let subject, let split, _, _, _, let rate) = try MetricsRecord(
                        line: line.utf8)
                else { continue }
                #expect((rate != nil) == (split == .train))
                if case .peer(let peer) = subject, let rate { rates[peer, default: [:]][step] = rate }
            }
            // Two steps are an epoch. Twice the reference batch: from 0.3 to twice that, and a tenth after epoch 4.
            let expected = (1...12).map { (step: Int) -> Float in
                if step <= 4 { return 0.3 * (1 + Float(step) / 4) }
                return step <= 8 ? 0.3 * 2 : 0.3 * Float(2 * 0.1)
            }
            #expect(rates.count == 4)
            for peer in rates.values {
                #expect(peer.keys.sorted() == Array(1...12))
                for (step, rate) in peer { #expect(abs(rate - expected[step - 1]) <= 2 * rate.ulp, "step \(step)") }
            }
        }
    }

    /// Every rank reads the weights by itself.
    @Test func aRunFromSavedWeightsIsTheSameOnRanks() throws {
        try withTemporaryFolder { folder in
            let overrides = [
                "data.name=synthetic", "data.samples=100", "data.size=4", "batch=10", "peers=4", "epochs=2",
                "algorithm.name=dpsgd", "topology.name=ring", "model.name=layers",
                "model.layers=[{conv: 4}, batch_norm, relu, flatten, {dense: 10}]",
            ]
            let loaded = try LoadedExperiment(file: nil, overrides: overrides + ["seed=8"], registries: .all)
            let places = DataPlaces(collection: nil, home: nil)
            try RunStart.write(loaded, peer: 0, places: places, to: "\(folder)/w")
            let saved = overrides + ["model.weights=\(folder)/w"]
            let here = try onThreads(saved)
            #expect(try RankedRun(ranks: 3, overrides: saved).outcome().model.array() == here.model.array())
            #expect(try onThreads(overrides).model.array() != here.model.array())
        }
    }

    @Test func gossipConservesItsMassAcrossRanks() throws {
        let run = RankedRun(
            ranks: 3, overrides: Self.quadratic + ["algorithm.name=gosgd", "algorithm.probability=0.7", "peers=5"])
        let outcome = try run.outcome()
        #expect(outcome.ending == .completed)
        #expect(abs(try #require(outcome.summary.weightMass) - 1) < 1e-9)
        #expect(outcome.summary.messagesSent > 50)
    }

    /// A rank whose peers all compute leaves the processor to them; one with a peer that waits looks for what comes.
    @Test func aNetworkIsToldWhetherSomebodyWaits() throws {
        let run = RankedRun(ranks: 3, overrides: Self.quadratic + ["algorithm.name=easgd", "peers=5"])
        let (outcome, _) = try run.run { mailbox, plan, networks in
            _ = try TrainingRun(plan, metrics: nil, mailbox: mailbox).run()
            return networks.map(\.awaited)
        }
        for awaited in try outcome.get() {
            #expect(awaited.first == false && awaited.contains(true))
            #expect(zip(awaited, awaited.dropFirst()).allSatisfy { $0 != $1 })
        }
    }

    /// What goes wrong on the ways goes wrong on those between ranks, too.
    @Test func lostFramesBetweenRanksAreSentAgain() throws {
        let run = RankedRun(
            ranks: 3,
            overrides: Self.quadratic + [
                "algorithm.name=gosgd", "algorithm.probability=0.7", "peers=5",
                "simulation.faults=[{drop: 0.2}, {duplicate: 0.2}, {reorder: 0.2}]",
            ])
        let summary = try run.outcome().summary
        #expect(abs(try #require(summary.weightMass) - 1) < 1e-9)
        #expect(summary.perPeer?.map(\.steps) == [40, 40, 40, 40, 40])
    }

    /// A network, tested as it goes: records, accuracies and the model are those of threads.
    @Test func recordsAreGatheredByTheFirstRank() throws {
        let overrides = [
            "data.name=synthetic", "model.name=mlp", "epochs=2", "batch=20", "peers=4", "algorithm.name=dpsgd",
            "topology.name=ring", "evaluate.every_epochs=0.5",
        ]
        let here = try onThreads(overrides)
        let (result, codes) = try RankedRun(ranks: 2, overrides: overrides).run { mailbox, plan, _ in
            let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
            defer { try? FileManager.default.removeItem(atPath: path) }
            let metrics = try MetricsWriter(path)
            let outcome = try TrainingRun(plan, metrics: metrics, mailbox: mailbox).run()
            try metrics.close()
            return (outcome, try String(contentsOfFile: path, encoding: .utf8))
        }
        let (there, records) = try result.get()
        #expect(codes == ["0"])
        #expect(there.model.array() == here.model.array())
        #expect(there.summary.testAccuracy == here.summary.testAccuracy)
        #expect(there.summary.consensusDistance == here.summary.consensusDistance)
        let lines = records.split(separator: "\n")
        #expect(lines.count { $0.contains("\"split\":\"test\"") } == 4 * 5)
        for peer in 0..<4 {
            #expect(lines.contains { $0.contains("\"peer\":\(peer),") && $0.contains("\"split\":\"train\"") })
        }
    }

    /// A network that takes sums sums over the ranks, and over the learners of a rank first.
    @Test func averagesOfTheNetworkAgree() throws {
        let overrides = Self.quadratic + ["algorithm.name=allreduce"]
        let here = try #require(try onThreads(overrides).summary.models)
        let run = RankedRun(ranks: 3, overrides: overrides, takesSums: true)
        let there = try #require(try run.outcome().summary.models)
        for (mine, theirs) in zip(here.joined(), there.joined()) { #expect(abs(mine - theirs) < 1e-6) }
        #expect(Set(there).count == 1)
    }

    @Test func aDifferenceIsNamedBeforeTheFirstStep() throws {
        let run = RankedRun(
            ranks: 3, overrides: Self.quadratic + ["algorithm.name=dpsgd", "topology.name=ring"],
            ownOverrides: [2: ["optimizer.learning_rate=0.2"]])
        let (result, codes) = try run.run(code: 78) { _, _, _ in }
        #expect(throws: HandshakeError.self) { try result.get() }
        guard case .failure(let error) = result else { return }
        #expect("\(error)".hasPrefix("rank 2 has optimizer.learning_rate: 0.2, and rank 0 has 0.1; "))
        #expect(codes == ["78", "78"])
    }

    @Test func aRankThatIsNotReadyIsNamed() throws {
        let run = RankedRun(
            ranks: 2, overrides: ["data.name=synthetic", "model.name=softmax"],
            ownOverrides: [1: ["data.name=mnist", "data.path=/nowhere"]])
        let (result, codes) = try run.run(code: 66) { _, _, _ in }
        guard case .failure(let error as HandshakeError) = result else {
            Issue.record("the run began")
            return
        }
        #expect(error.description.hasPrefix("rank 1: ") && error.description.contains("/nowhere"))
        #expect(codes == ["66"])
    }

    @Test func moreRanksThanPeersAreRefused() throws {
        #expect(throws: (any Error).self) {
            try RankedRun(ranks: 6, overrides: Self.quadratic + ["algorithm.name=allreduce"]).plan()
        }
    }

    /// Whoever asks for the end, on whatever rank, is heard.
    @Test(arguments: ["gosgd", "dpsgd"]) func aSignalOnAnyRankEndsTheRun(algorithm: String) throws {
        let run = RankedRun(
            ranks: 3,
            overrides: Self.quadratic + ["steps=100000000", "algorithm.name=\(algorithm)", "peers=5"],
            signals: [2: SIGTERM])
        #expect(try run.outcome().ending == .stopped)
    }

    /// Saved on three ranks, gone on with on two, and on threads: the models of a whole run.
    @Test(arguments: [1, 2, 5]) func goesOnWithAnotherNumberOfRanks(ranks: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let overrides = [
            "data.name=synthetic", "data.samples=600", "model.name=mlp", "epochs=4", "batch=20", "peers=5",
            "algorithm.name=dpsgd", "topology.name=ring", "checkpoint.every_epochs=2",
        ]
        let whole = try onThreads(overrides)
        let half = RankedRun(ranks: 3, overrides: overrides + ["epochs=3"])
        let (saved, _) = try half.run { mailbox, plan, _ in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let folder = CheckpointFolder(run: folder, keepLast: 2)
            _ = try TrainingRun(plan, metrics: nil, checkpoints: folder, mailbox: mailbox).run()
        }
        try saved.get()
        // The last one is of the end.
        let name = try #require(CheckpointFolder.names(in: "\(folder)/checkpoints").dropLast().last)
        let checkpoint = try Checkpoint(verifying: "\(folder)/checkpoints/\(name)")
        let rest = RankedRun(ranks: ranks, overrides: overrides)
        let (result, codes) = try rest.run { mailbox, plan, _ in
            try TrainingRun(plan, metrics: nil, from: checkpoint, mailbox: mailbox).run()
        }
        #expect(codes.allSatisfy { $0 == "0" })
        #expect(try result.get().model.array() == whole.model.array())
    }

    /// A rank that dies takes its peers with it; gossip goes on without them, and they are told dead.
    @Test func gossipGoesOnWithoutALostRank() throws {
        let run = RankedRun(
            ranks: 3,
            overrides: Self.quadratic + ["steps=20000", "algorithm.name=gosgd", "algorithm.probability=0.3", "peers=5"])
        let (result, codes) = try run.run { mailbox, plan, networks in
            let hasBegun = Mutex(false)
            return try TrainingRun(
                plan, metrics: nil, mailbox: mailbox,
                report: { progress in
                    let isFirst = hasBegun.withLock { begun in
                        defer { begun = true }
                        return !begun
                    }
                    if isFirst { networks[2].die() }
                }
            ).run()
        }
        let outcome = try result.get()
        #expect(outcome.ending == .completed)
        #expect(outcome.peers.map { $0 == nil } == [false, false, false, true, true])
        #expect(outcome.summary.perPeer?.prefix(3).allSatisfy { $0.steps == 20000 } == true)
        #expect(codes[0] == "0")
    }

    /// A lock-step run cannot go on without a rank: it ends with a sentence, whoever takes the averages.
    @Test(arguments: [false, true]) func aLockStepRunEndsWithoutALostRank(takesSums: Bool) throws {
        let run = RankedRun(
            ranks: 3, overrides: Self.quadratic + ["steps=100000000", "algorithm.name=allreduce"], takesSums: takesSums)
        let (result, codes) = try run.run { mailbox, plan, networks in
            var isFirst = true
            return try TrainingRun(
                plan, metrics: nil, mailbox: mailbox,
                report: { _ in
                    if isFirst { networks[2].die() }
                    isFirst = false
                }
            ).run()
        }
        let outcome = try result.get()
        guard case .abandoned(_, let reason) = outcome.ending else {
            Issue.record("the run ended as \(outcome.ending)")
            return
        }
        #expect(reason.hasPrefix("allreduce cannot go on"))
        #expect(outcome.summary.models?.count == 3)
        #expect(codes[0] == "0")
    }

    /// A rank that dies while models are tested, and one that dies before the peers are made.
    @Test(arguments: [0, 1]) func aRankLostAtAnOddMomentHoldsUpNobody(moment: Int) throws {
        let run = RankedRun(
            ranks: 3,
            overrides: Self.quadratic + [
                "steps=2000", "algorithm.name=gosgd", "algorithm.probability=0.3", "evaluate.every_epochs=100",
            ])
        let (result, _) = try run.run { mailbox, plan, networks in
            if moment == 0 { networks[2].die() }
            return try TrainingRun(
                plan, metrics: nil, mailbox: mailbox,
                report: { progress in
                    if progress.isTesting, moment == 1, !networks[2].isDead { networks[2].die() }
                }
            ).run()
        }
        #expect(try result.get().ending == .completed)
        #expect(try result.get().peers.prefix(3).allSatisfy { $0 != nil })
    }

    /// Whoever introduces itself first: what is said must not hang on who is fast.
    @Test(arguments: [[1, 2], [2, 1]]) func theFirstOfSeveralThatAreNotReadyIsNamed(order: [Int]) throws {
        let networks = ThreadRanks.make(3)
        let mailbox = ControlMailbox(networks[0])
        for rank in order {
            ControlMailbox(networks[rank]).send(
                ControlContent(.handshake(Handshake(problem: "no data", code: 66))), to: 0)
        }
        let plan = try RankedRun(ranks: 3, overrides: Self.quadratic + ["algorithm.name=gosgd"]).plan()
        let error = #expect(throws: HandshakeError.self) { try mailbox.shakeHands(plan) }
        #expect(error?.description == "rank 1: no data")
        for rank in order { networks[rank].die() }
        mailbox.shutDown(66)
    }

    /// A rank may introduce itself and fall silent while another one is still waited for.
    @Test func aRankLostAfterItsHandshakeIsNamed() throws {
        let networks = ThreadRanks.make(3)
        let mailbox = ControlMailbox(networks[0])
        let plan = try RankedRun(ranks: 3, overrides: Self.quadratic + ["algorithm.name=gosgd"]).plan()
        let posts = networks.map(\.rank).dropFirst().map { ControlMailbox(networks[$0]) }
        posts[1].send(ControlContent(.handshake(Handshake(plan))), to: 0)
        networks[2].die()
        posts[0].send(ControlContent(.handshake(Handshake(plan))), to: 0)
        let error = #expect(throws: HandshakeError.self) { try mailbox.shakeHands(plan) }
        #expect(error?.description.hasPrefix("nothing is heard of rank 2 any more") == true)
        networks[1].die()
        mailbox.shutDown(1)
    }

    @Test func aRankLostInTheRollCallIsNamed() throws {
        let networks = ThreadRanks.make(2)
        let mailbox = ControlMailbox(networks[0])
        networks[1].begin(ProcessArrivals(frame: { _, _ in }, controlMessage: { _, _ in }, timeout: { _ in }))
        networks[1].die()
        let plan = try RankedRun(ranks: 2, overrides: Self.quadratic + ["algorithm.name=gosgd"]).plan()
        let error = #expect(throws: HandshakeError.self) { try mailbox.shakeHands(plan) }
        #expect(error?.description.hasPrefix("nothing is heard of rank 1 any more") == true)
        mailbox.shutDown(1)
    }

    /// A saved peer that is none of this run is named, and the ranks are dismissed.
    @Test(arguments: [1, 3]) func aPeerThatCannotBeRestoredEndsTheBeginning(ranks: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let overrides = Self.quadratic + ["algorithm.name=dpsgd", "topology.name=ring", "checkpoint.every_epochs=20"]
        _ = try TrainingRun(
            RankedRun(ranks: 1, overrides: overrides).plan(), metrics: nil,
            checkpoints: CheckpointFolder(run: folder, keepLast: 1)
        ).run()
        let name = try #require(CheckpointFolder.names(in: "\(folder)/checkpoints").last)
        let checkpoint = try Checkpoint(verifying: "\(folder)/checkpoints/\(name)")
        let other = overrides.map { $0.hasPrefix("optimizer.name") ? "optimizer.name=momentum" : $0 }
        let (result, codes) = try RankedRun(ranks: ranks, overrides: other).run(code: 65) { mailbox, plan, _ in
            try TrainingRun(plan, metrics: nil, from: checkpoint, mailbox: ranks > 1 ? mailbox : nil).run()
        }
        let error = #expect(throws: CheckpointError.self) { try result.get() }
        #expect(error?.path.hasSuffix("peer-000.safetensors") == true)
        #expect(codes.allSatisfy { $0 == "65" })
    }
}
