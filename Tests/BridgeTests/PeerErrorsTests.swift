import CMurmur
import TestKit
import Testing

@testable import Bridge

/// What cannot be is one sentence and never a crash.
@Suite struct PeerErrorsTests {
    private func refusal(_ change: (inout murmur_peer_settings) -> Void) -> (status: Int32, sentence: String) {
        let torch = Torch(0)
        var peer: OpaquePointer?
        let status = Torch.settings("dpsgd", steps: 3, tensors: torch.tensors) { settings in
            change(&settings)
            return murmur_peer_open(&settings, &peer)
        }
        _ = murmur_peer_close(peer)
        return (status, Torch.lastError)
    }

    @Test func refusesWhatCannotBe() {
        let invalid = Int32(MURMUR_INVALID.rawValue)
        let unknown = refusal { $0.algorithm = UnsafePointer(CStrings.copy("dpsdg")) }
        #expect(unknown.status == invalid && unknown.sentence.contains("did you mean 'dpsgd'"))
        let key = refusal {
            $0.algorithm = UnsafePointer(CStrings.copy("gosgd"))
            $0.algorithm_options = UnsafePointer(CStrings.copy(#"{"probabilty": 0.1}"#))
        }
        #expect(key.status == invalid && key.sentence.contains("probability"))
        let empty = refusal { $0.tensor_count = 0 }
        #expect(empty.status == invalid && empty.sentence.contains("no float32 parameter"))
        let divided = refusal { $0.algorithm = UnsafePointer(CStrings.copy("nettorrent")) }
        #expect(divided.status == invalid && divided.sentence.contains("divides"))
        let json = refusal { $0.algorithm_options = UnsafePointer(CStrings.copy("{")) }
        #expect(json.status == invalid && json.sentence.contains("JSON"))
        #expect(refusal { $0.size = 8 }.status == invalid)
        #expect(refusal { $0.algorithm = nil }.status == invalid)
    }

    @Test func refusesSharedStorage() {
        let torch = Torch(0)
        var tensors = torch.tensors
        tensors[2].data = tensors[0].data?.advanced(by: 3)
        var peer: OpaquePointer?
        let status = Torch.settings("dpsgd", steps: 3, tensors: tensors) { murmur_peer_open(&$0, &peer) }
        #expect(status == Int32(MURMUR_INVALID.rawValue))
        #expect(Torch.lastError == "parameters conv.weight and conv.bias share storage; give shared parameters once")
    }

    @Test func refusesASecondPeerOnOneModel() throws {
        let torch = Torch(0)
        try torch.begin("dpsgd", steps: 3)
        var second: OpaquePointer?
        let status = Torch.settings("dpsgd", steps: 3, tensors: torch.tensors) { murmur_peer_open(&$0, &second) }
        #expect(status == Int32(MURMUR_INVALID.rawValue))
        #expect(Torch.lastError.contains("another peer trains these parameters"))
        #expect(murmur_peer_close(torch.peer) == Int32(MURMUR_OK.rawValue))
        let again = Torch.settings("dpsgd", steps: 3, tensors: torch.tensors) { murmur_peer_open(&$0, &second) }
        #expect(again == Int32(MURMUR_WAITING.rawValue))
        #expect(murmur_peer_close(second) == Int32(MURMUR_OK.rawValue))
    }

    @Test func aClosedPeerIsRefusedAndClosedAgainForNothing() throws {
        let torch = Torch(0)
        try torch.begin("gosgd", steps: 3)
        #expect(murmur_peer_close(torch.peer) == Int32(MURMUR_OK.rawValue))
        #expect(murmur_peer_close(torch.peer) == Int32(MURMUR_OK.rawValue))
        #expect(torch.step() == Int32(MURMUR_CLOSED.rawValue))
        #expect(murmur_peer_wait(nil, nil) == Int32(MURMUR_CLOSED.rawValue))
    }

    @Test func anotherThreadIsRefusedUntilItAdopts() throws {
        let statuses = try Torches.run(1) { torch, _ in
            try torch.begin("gosgd", steps: 9)
            let peer = UInt(bitPattern: torch.peer)
            let other = try Torches.run(1) { _, _ in
                let peer = OpaquePointer(bitPattern: peer)
                let refused = murmur_peer_finish(peer, nil)
                let adopted = murmur_peer_adopt(peer)
                var status = murmur_peer_finish(peer, nil)
                while status == Int32(MURMUR_WAITING.rawValue) { status = murmur_peer_wait(peer, nil) }
                return [refused, adopted, status]
            }
            return other[0]
        }
        #expect(
            statuses[0] == [
                Int32(MURMUR_WRONG_THREAD.rawValue), Int32(MURMUR_OK.rawValue), Int32(MURMUR_FINISHED.rawValue),
            ])
    }

    @Test func callsOutOfTurnAreRefused() throws {
        let torch = Torch(0)
        let turn = Int32(MURMUR_OUT_OF_TURN.rawValue)
        try torch.begin("gosgd", steps: 2)
        #expect(murmur_peer_done(torch.peer, 0, nil) == turn)
        torch.readsGradient = true
        #expect(torch.step() == turn)
        torch.readsGradient = false
        #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue))
        #expect(torch.step() == Int32(MURMUR_FINISHED.rawValue))
        #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue))
        #expect(torch.finish() == Int32(MURMUR_FINISHED.rawValue))
        #expect(torch.consensus() == nil)
    }

    @Test func anotherModelElsewhereIsNamed() throws {
        let sentences = try Torches.run(3) { torch, ranks in
            var tensors = torch.tensors
            if torch.index == 2 {
                tensors[0].shape = UnsafePointer(CStrings.copy([3, 2]))
            }
            torch.peer = try Torch.settings("dpsgd", steps: 3, tensors: tensors) { settings in
                let (read, memory) = try PeerSettings.read(settings)
                return try Bridge.open(PeerHost(read, memory, owner: cmurmur_thread())) { .processes(ranks) }
            }
            #expect(torch.until(Int32(MURMUR_WAITING.rawValue)) == Int32(MURMUR_MISMATCH.rawValue))
            return Torch.lastError
        }
        #expect(sentences[0].hasPrefix("parameter conv.weight is [2, 3] here and [3, 2] on rank 2"))
        #expect(sentences[2].hasPrefix("parameter conv.weight is [3, 2] here and [2, 3] on rank 0"))
    }

    /// Where nobody can go on without the one that died, all name that one, also who hears first of another that has
    /// given up for it. Which of the two is first is left to the threads.
    @Test(arguments: 0..<20) func aDeathThatCannotBeLivedThroughIsTold(_ time: Int) throws {
        let outcomes = try Torches.run(3) { torch, ranks in
            torch.readsGradient = true
            try torch.begin("allreduce", steps: 50, over: ranks)
            if torch.index == 1 {
                #expect(torch.train(most: 5) == Int32(MURMUR_OK.rawValue))
                #expect(murmur_peer_close(torch.peer) == Int32(MURMUR_OK.rawValue))
                return (Int32(MURMUR_ABANDONED.rawValue), "")
            }
            return (torch.train(), Torch.lastError)
        }
        #expect(outcomes.allSatisfy { $0.0 == Int32(MURMUR_ABANDONED.rawValue) })
        for place in [0, 2] {
            let sentence = outcomes[place].1
            #expect(sentence.hasPrefix("allreduce cannot go on: peer 1 is gone"), "\(sentence)")
        }
    }

    /// Whoever is left goes on without the one that went.
    @Test(arguments: ["dpsgd", "gosgd"]) func othersGoOn(_ name: String) throws {
        let statuses = try Torches.run(3) { torch, ranks in
            try torch.begin(name, topology: "complete", steps: 30, over: ranks)
            if torch.index == 0 {
                #expect(torch.train(most: 5) == Int32(MURMUR_OK.rawValue))
                #expect(murmur_peer_close(torch.peer) == Int32(MURMUR_OK.rawValue))
                return Int32(MURMUR_FINISHED.rawValue)
            }
            #expect(torch.train() == Int32(MURMUR_FINISHED.rawValue), "\(Torch.lastError)")
            return torch.finish()
        }
        #expect(statuses == [Int32](repeating: Int32(MURMUR_FINISHED.rawValue), count: 3))
    }
}
