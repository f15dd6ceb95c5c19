import CMurmur
import Gossip
import TestKit
import Testing

@testable import Bridge

/// What takes a rest of all: the consensus model, states, the end of peers that are not equally long.
@Suite struct PeerRestTests {
    @Test func theConsensusIsTheMeanOfAllModels() throws {
        let results = try Torches.run(4) { torch, ranks in
            try torch.begin("dpsgd", topology: "ring", steps: 9, over: ranks)
            #expect(torch.train(most: 4) == Int32(MURMUR_OK.rawValue))
            let (model, consensus) = (torch.model, torch.consensus())
            #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue))
            #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue))
            return (model, consensus ?? [])
        }
        for place in 0..<Torch.count {
            let mean = results.map { Double($0.0[place]) }.reduce(0, +) / 4
            for (_, consensus) in results { #expect(abs(Double(consensus[place]) - mean) < 1e-6) }
        }
    }

    /// k steps, a state and the rest are all steps, to the bit where the run itself is.
    @Test(arguments: ["dpsgd", "sgp", "allreduce", "slowmo", "d2", "gradient-tracking"]) func goesOnFromAState(
        _ name: String
    ) throws {
        let reads = Algorithms.traits(name).readsGradient
        let topology = name == "sgp" ? "exponential" : name == "slowmo" || name == "allreduce" ? "complete" : "ring"
        @Sendable func open(_ torch: Torch, _ ranks: ThreadRanks) throws {
            torch.readsGradient = reads
            try torch.begin(name, topology: topology, steps: 20, over: ranks)
        }
        let first = try Torches.run(5) { torch, ranks in
            try open(torch, ranks)
            #expect(torch.train(most: 7) == Int32(MURMUR_OK.rawValue))
            let state = torch.save()
            #expect(state != nil, "\(Torch.lastError)")
            #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue))
            #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue))
            return (state ?? [], torch.model)
        }
        let second = try Torches.run(5) { torch, ranks in
            try open(torch, ranks)
            #expect(torch.restore(first[torch.index].0) == Int32(MURMUR_OK.rawValue), "\(Torch.lastError)")
            #expect(torch.train(most: 13) == Int32(MURMUR_FINISHED.rawValue))
            #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue))
            return torch.model
        }
        #expect(second.map { $0.map(\.bitPattern) } == first.map { $0.1.map(\.bitPattern) })
    }

    @Test func aStateThatIsNoneIsRefused() throws {
        let torch = Torch(0)
        try torch.begin("gosgd", steps: 8)
        #expect(torch.train(most: 3) == Int32(MURMUR_OK.rawValue))
        let state = try #require(torch.save())
        #expect(torch.restore([1, 2, 3]) == Int32(MURMUR_STATE.rawValue))
        for length in stride(from: 0, to: state.count, by: 37) {
            #expect(torch.restore(Array(state[..<length])) == Int32(MURMUR_STATE.rawValue))
        }
        #expect(torch.restore(state) == Int32(MURMUR_OK.rawValue), "\(Torch.lastError)")
        #expect(torch.train(most: 5) == Int32(MURMUR_FINISHED.rawValue))
        let other = Torch(1)
        try other.begin("dpsgd", steps: 8)
        #expect(other.restore(state) == Int32(MURMUR_STATE.rawValue))
        #expect(Torch.lastError.hasPrefix("the state is of algorithm gosgd, and this is dpsgd"))
    }

    /// Peers of unequal length: who is done goes on answering until all are.
    @Test(arguments: ["gosgd", "dpsgd", "gossip-pull"]) func whoIsDoneGoesOnAnswering(_ name: String) throws {
        let statuses = try Torches.run(3) { torch, ranks in
            try torch.begin(name, topology: "complete", steps: 0, over: ranks)
            let trained = torch.train(most: 4 + 9 * torch.index)
            #expect(trained == Int32(MURMUR_OK.rawValue), "\(Torch.lastError)")
            return torch.finish()
        }
        #expect(statuses == [Int32](repeating: Int32(MURMUR_FINISHED.rawValue), count: 3))
    }
}
