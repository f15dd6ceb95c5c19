import CMurmur
import Runtime
import TestKit
import Testing

@testable import Bridge

/// Peers of an open network: when they begin, when they leave, and who may keep them out.
@Suite struct PeerLinksTests {
    /// A way into a network that lies within the process.
    private struct Member: LinkMember {
        let terms: LinkTerms
        let network: TestLinks
        var introduction: [String] { [] }

        init(_ network: TestLinks, _ terms: LinkTerms) {
            self.terms = terms
            self.network = network
        }

        func experiment(
            patienceSeconds: Double, isStopped: () -> Bool, say: (String) -> Void
        ) -> (text: String, teller: String)? { nil }

        func open(_ run: LinkRun) -> any LinkNetwork { network }
    }

    private let ok = Int32(MURMUR_OK.rawValue)
    private let finished = Int32(MURMUR_FINISHED.rawValue)

    private func ranksHere(_ torch: Torch) -> UInt32 {
        var metrics = murmur_peer_metrics()
        metrics.size = UInt32(MemoryLayout<murmur_peer_metrics>.size)
        #expect(murmur_peer_metrics_now(torch.peer, &metrics) == ok)
        return metrics.ranks_here
    }

    @Test func waitsForAsManyAsItIsToldTo() throws {
        let torch = Torch(0)
        let member = Member(.alone(), LinkTerms(key: 1, waitCount: 1))
        torch.peer = try Torch.settings("gosgd", steps: 3, tensors: torch.tensors) { settings in
            let (read, memory) = try PeerSettings.read(settings)
            return try Bridge.open(PeerHost(read, memory, owner: cmurmur_thread())) { .links(member) }
        }
        #expect(murmur_peer_wait(torch.peer, &torch.command) == Int32(MURMUR_WAITING.rawValue))
        let patient = Torch(0)
        let begun = try patient.open("gosgd", steps: 3, links: Member(.alone(), LinkTerms(key: 1)))
        #expect(begun == ok)
    }

    @Test func beginsWhenTheOthersAreThere() throws {
        let (a, b) = TestLinks.pair()
        let members = [
            Member(a, LinkTerms(key: 1, waitCount: 1)), Member(b, LinkTerms(key: 2, isFounder: false, waitCount: 1)),
        ]
        let statuses = try Torches.run(2) { torch, _ in
            let begun = try torch.open("gosgd", steps: 30, links: members[torch.index])
            #expect(begun == Int32(MURMUR_OK.rawValue), "\(Torch.lastError)")
            let trained = torch.train()
            return [trained, torch.finish()]
        }
        #expect(statuses == [[finished, finished], [finished, finished]])
    }

    @Test func leavesWhenItsTimeHasCome() throws {
        let torch = Torch(0)
        let end = PeerClock().unixSeconds + 1
        let begun = try torch.open("gosgd", steps: 0, links: Member(.alone(), LinkTerms(key: 1, endsAt: end)))
        #expect(begun == ok && ranksHere(torch) == 1)
        #expect(torch.train() == finished)
        #expect(torch.step() == finished && torch.finish() == finished)
    }

    @Test func hasNoTimeWhereItHasPassed() throws {
        let torch = Torch(0)
        let begun = try torch.open("gosgd", steps: 5, links: Member(.alone(), LinkTerms(key: 1, endsAt: 1)))
        #expect(begun == finished)
        #expect(torch.step() == finished && torch.finish() == finished)
    }

    /// Whoever is in, or founds, can do without one that refuses.
    @Test func aRefusalKeepsOutOnlyWhoIsNotIn() throws {
        let error = LinkError(.otherExperiment, "peer b trains something else", remedy: "take its experiment")
        let founder = Torch(0)
        let founded = TestLinks.alone()
        let begun = try founder.open("gosgd", steps: 5, links: Member(founded, LinkTerms(key: 1)))
        #expect(begun == ok)
        founded.tell(.refused(error))
        #expect(founder.train() == finished)
        let joiner = Torch(1)
        let empty = TestLinks.alone()
        joiner.peer = try Torch.settings("gosgd", steps: 3, tensors: joiner.tensors) { settings in
            let (read, memory) = try PeerSettings.read(settings)
            return try Bridge.open(PeerHost(read, memory, owner: cmurmur_thread())) {
                .links(Member(empty, LinkTerms(key: 1, isFounder: false)))
            }
        }
        // The network has begun when the first wait comes back without a link.
        #expect(murmur_peer_wait(joiner.peer, &joiner.command) == Int32(MURMUR_WAITING.rawValue))
        empty.tell(.refused(error))
        #expect(joiner.until(Int32(MURMUR_WAITING.rawValue)) == Int32(MURMUR_UNREACHABLE.rawValue))
        #expect(Torch.lastError.hasPrefix("peer b trains something else"))
    }
}
