import Configuration
import Randomness
import Runtime
import Testing

@testable import Gossip
@testable import Graphs

/// A peer that comes back hears of everybody's leaving and joining; the others heard of its own. Whatever was under way
/// is dropped, and nobody waits for what will not come.
@Suite struct RestartTests {
    private func make(_ name: String, me: Int = 0, peers: Int = 2, steps: UInt64 = 50) throws -> any Algorithm {
        let setup = Setup(
            me: PeerID(me), peers: peers, seed: 1, graph: try Graph("complete", peers: peers), samples: 1,
            stepsPerEpoch: 1, steps: steps)
        return try Algorithms.make(name, setup, options: Options())
    }

    /// Each call counts its messages from 1 on.
    private func effects(_ algorithm: inout any Algorithm, _ events: Event...) -> [Effect] {
        var effects = Effects()
        for event in events { algorithm.handle(event, now: .zero, &effects) }
        return effects.list
    }

    private let ready = Event.gradientReady(loss: 1, learningRate: 0.1, samples: 1)
    private let model = PayloadID(rawValue: 1)

    private func receivers(_ effects: [Effect]) -> [PeerID] {
        effects.compactMap { if case .send(_, _, _, let peer, _) = $0 { peer } else { nil } }
    }

    @Test func aPullIsDroppedAndTheNextOneAsksAgain() throws {
        var pull = try make("gossip-pull")
        #expect(receivers(effects(&pull, .start)) == [1])
        #expect(effects(&pull, ready) == [])
        // The step ends without an answer, and nobody is there to be asked.
        let alone = effects(&pull, .peerLeft(1))
        #expect(alone == [.update, .gradient(at: Term(1, .model))])
        #expect(receivers(effects(&pull, .peerJoined(1), ready)) == [1])
        // An answer to the old request is not taken for one to the new.
        let late = effects(&pull, .received(model, metadata: Metadata(round: 0, tag: 1), from: 1))
        #expect(late == [])
        // A request that comes back at once is as good as no answer.
        #expect(effects(&pull, ready) == [])
        #expect(effects(&pull, .returned(MessageID(rawValue: 1), nil)).first == .update)
    }

    @Test func anExchangeIsVoidAndTheNextOneBegins() throws {
        var active = try make("adpsgd", me: 1)
        #expect(receivers(effects(&active, .start)) == [0])
        #expect(receivers(effects(&active, .peerLeft(0), .peerJoined(0), ready)) == [0])
        let late = effects(&active, .received(model, metadata: Metadata(round: 1, tag: 1), from: 0))
        #expect(late == [])
        let answer = effects(&active, .received(model, metadata: Metadata(round: 2, tag: 1), from: 0))
        #expect(answer.count == 1)
    }

    @Test(arguments: ["aeasgd", "eamsgd"]) func aWorkerAsksTheServerAgain(name: String) throws {
        var worker = try make(name)
        #expect(receivers(effects(&worker, .start)) == [2])
        let patience = effects(&worker, .peerLeft(1), .peerLeft(2))
        guard case .timer(let timer, _)? = patience.first else { return #expect(Bool(false), "\(patience)") }
        #expect(receivers(effects(&worker, .peerJoined(1), .peerJoined(2))) == [2])
        #expect(effects(&worker, .timer(timer)) == [])
        // This time it stays away.
        #expect(
            effects(&worker, .peerLeft(2), .timer(timer)).contains { if case .abandon = $0 { true } else { false } })
    }

    @Test func aClientsRoundIsVoid() throws {
        var client = try make("fedavg")
        _ = effects(&client, .start, .received(model, metadata: Metadata(), from: 2))
        #expect(effects(&client, .peerLeft(2), .peerJoined(2)).count == 1)
        // A new round's model waits for the gradient of the old one, which is not used.
        let next = PayloadID(rawValue: 2)
        #expect(effects(&client, .received(next, metadata: Metadata(), from: 2)) == [.keep(next)])
        let begun = effects(&client, ready)
        #expect(!begun.contains(.update))
        #expect(begun.last == .gradient(at: Term(1, .model)))
        #expect(receivers(effects(&client, ready)) == [2])
    }

    @Test func aServerGoesOnWithoutAndWithTheClient() throws {
        var server = try make("fedavg", me: 2)
        #expect(receivers(effects(&server, .start)) == [0, 1])
        #expect(effects(&server, .received(model, metadata: Metadata(round: 1, weight: 3), from: 0)) == [.keep(model)])
        let alone = effects(&server, .peerLeft(1))
        guard case .combine(.model, nil, let terms)? = alone.first else {
            Issue.record("\(alone)")
            return
        }
        #expect(terms.weight(of: .model) == 0 && terms.weight(of: .received(model)) == 1)
        #expect(receivers(alone) == [0])
        #expect(effects(&server, .peerJoined(1)) == [])
        let next = effects(&server, .received(model, metadata: Metadata(round: 2, weight: 3), from: 0))
        #expect(receivers(next) == [0, 1])
    }

    @Test func aClientThatComesBackAfterTheEndIsToldOfIt() throws {
        var server = try make("fedavg", me: 2, steps: 1)
        _ = effects(&server, .start, .peerLeft(1))
        let end = effects(&server, .received(model, metadata: Metadata(round: 1, weight: 3), from: 0))
        #expect(end.last == .finish)
        #expect(receivers(effects(&server, .peerJoined(1))) == [1])
    }

    @Test func aPushGoesToThoseWhoAreThere() throws {
        let graph = try Graph("complete", peers: 4)
        var absentPeers = AbsentPeers()
        var random = RandomStream(seed: 1, purpose: .algorithm)
        absentPeers.left(1)
        absentPeers.left(3)
        for _ in 0..<20 { #expect(absentPeers.draw(from: graph, of: 0, round: 0, &random) == 2) }
        absentPeers.left(2)
        #expect(absentPeers.draw(from: graph, of: 0, round: 0, &random) == nil)
        absentPeers.joined(1)
        #expect(absentPeers.draw(from: graph, of: 0, round: 0, &random) == 1)
    }
}
