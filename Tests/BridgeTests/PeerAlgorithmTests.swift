import CMurmur
import Configuration
import Gossip
import TestKit
import Testing

@testable import Bridge

/// Every algorithm on parameters that are somebody else's, beside the same algorithm in the ordinary runtime.
@Suite struct PeerAlgorithmTests {
    /// An algorithm with what it needs to run.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var options: String?
        var topology = "ring"
        var compression: String?
        var testDescription: String { name }
    }

    /// All whose peers have whole models and no server.
    static let all: [Case] = Algorithms.all.map(\.name).compactMap { name in
        let traits = Algorithms.traits(name)
        guard traits.division == nil, traits.servers == 0 else { return nil }
        var found = Case(name: name)
        switch name {
        case "choco": found.compression = "topk"
        case "relaysgd": found.topology = "chain"
        case "adpsgd": found.topology = "bipartite"
        case "centralized": return nil
        case "sgp", "overlap-sgp": found.topology = "exponential"
        case "local-sgd", "slowmo", "diloco", "noloco": found.topology = "complete"
        case "allreduce", "mesbah", "best-peer": found.topology = "complete"
        default: break
        }
        if traits.graphUse == .none { found.topology = "complete" }
        return found
    }

    /// With four in a ring D2 and exact diffusion diverge.
    static let count = 5

    static var inLockStep: [Case] { all.filter { Algorithms.traits($0.name).isLockStep } }

    static func settings(_ item: Case, steps: UInt64) throws -> PeerSettings {
        let torch = Torch(0)
        return try Torch.settings(
            item.name, item.options, topology: item.topology, compression: item.compression, steps: steps,
            tensors: torch.tensors
        ) { try PeerSettings.read($0).settings }
    }

    @Test(arguments: inLockStep) func equalsTheOrdinaryRuntime(_ item: Case) throws {
        let steps: UInt64 = 12
        let reads = Algorithms.traits(item.name).readsGradient
        let models = try Torches.run(Self.count) { torch, ranks in
            torch.readsGradient = reads
            try torch.begin(
                item.name, item.options, topology: item.topology, compression: item.compression, steps: steps,
                over: ranks)
            let trained = torch.train()
            #expect(trained == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            let finished = torch.finish()
            #expect(finished == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            return torch.model
        }
        let ordinary = try OrdinaryNodes(Self.settings(item, steps: steps), count: Self.count).run()
        for (model, expected) in zip(models, ordinary) {
            for (value, wanted) in zip(model, expected) { #expect(abs(value - wanted) <= 1e-6) }
        }
    }

    /// A caller that must not wait leaves its step to the peer's own thread, and gets the same.
    @Test func whatMayWaitIsThePeersOwn() throws {
        let models = try [false, true].map { isCrowded in
            try Torches.run(3, isCrowded: isCrowded) { torch, ranks in
                try torch.begin("dpsgd", topology: "complete", steps: 12, over: ranks)
                #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
                #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
                return torch.model
            }
        }
        #expect(models[0] == models[1])
    }

    /// In each period of SlowMo the optimizer begins anew, and what it remembers is the caller's to forget.
    @Test func theOptimizerForgetsWhereItIsTo() throws {
        let resets = try Torches.run(2) { torch, ranks in
            try torch.begin("slowmo", #"{"period": 3}"#, topology: "complete", steps: 12, over: ranks)
            #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            return torch.resets
        }
        // After 3, 6 and 9 steps: behind the last one nothing steps any more.
        #expect(resets == [3, 3])
    }

    /// Whoever is quicker decides how these mix; but all learn, and the models stay between the targets.
    @Test(arguments: all.filter { !Algorithms.traits($0.name).isLockStep }) func learnsAtItsOwnPace(
        _ item: Case
    ) throws {
        let models = try Torches.run(4) { torch, ranks in
            try torch.begin(
                item.name, item.options, topology: item.topology, compression: item.compression, steps: 60, over: ranks)
            let trained = torch.train()
            #expect(trained == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            let consensus = torch.consensus()
            #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            return consensus ?? []
        }
        for model in models {
            #expect(model == models[0])
            #expect(model.count == Torch.count)
            for (place, value) in model.enumerated() {
                #expect(value > Torch.target(of: 0, place) - 0.1 && value < Torch.target(of: 3, place) + 0.1)
            }
        }
    }

    /// A server has no parameters and no steps, and serves until all learners are done.
    @Test(arguments: Algorithms.all.map(\.name).filter { Algorithms.traits($0).servers == 1 })
    func serves(_ name: String) throws {
        let statuses = try Torches.run(4) { torch, ranks in
            torch.isServer = torch.index == 1
            if torch.isServer { return try torch.open(name, steps: 40, over: ranks) }
            try torch.begin(name, steps: 40, over: ranks)
            #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            return torch.finish()
        }
        #expect(statuses == [Int32](repeating: Int32(MURMUR_FINISHED.rawValue), count: 4))
    }

    /// With nobody else an algorithm is the caller's own loop, to the bit.
    @Test(arguments: ["dpsgd", "gosgd", "local-sgd", "allreduce", "centralized"]) func oneAloneIsTheBareLoop(
        _ name: String
    ) throws {
        let bare = Torch(2)
        for _ in 0..<20 {
            _ = bare.backward()
            bare.optimize()
        }
        let torch = Torch(2)
        torch.readsGradient = Algorithms.traits(name).readsGradient
        try torch.begin(name, steps: 20)
        #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue))
        #expect(torch.model.map(\.bitPattern) == bare.model.map(\.bitPattern))
        #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue))
        #expect(torch.model.map(\.bitPattern) == bare.model.map(\.bitPattern))
    }

    /// A step that nobody disturbs is copied neither in nor out, where the algorithm does nothing before it; else in.
    @Test(arguments: [("gosgd", 2), ("dpsgd", 11)]) func copiesOnlyWhatIsAskedFor(
        _ algorithm: String, copiesIn: UInt64
    ) throws {
        let torch = Torch(0)
        try torch.begin(algorithm, steps: 10)
        #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue))
        var metrics = murmur_peer_metrics()
        metrics.size = UInt32(MemoryLayout<murmur_peer_metrics>.size)
        #expect(murmur_peer_metrics_now(torch.peer, &metrics) == Int32(MURMUR_OK.rawValue))
        #expect(metrics.steps == 10 && metrics.samples == 10)
        #expect(metrics.copies_in == copiesIn)
        #expect(metrics.copies_out == 1)
        #expect(metrics.loss > 0 && metrics.ranks == 1 && metrics.ranks_here == 1)
    }
}
