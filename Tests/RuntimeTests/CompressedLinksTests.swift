import Compression
import Configuration
import Gossip
import Graphs
import Testing
import Vectors

@testable import Runtime

@Suite struct CompressedLinksTests {
    private static let count = 64

    private func settings(
        _ name: String = "topk", hasFeedback: Bool = true, count: Int = count, hasCommonStart: Bool = true
    ) throws -> LinkSettings {
        let options = name.hasSuffix("k") && name != "lowrank" ? Options(["ratio": .number(0.5)]) : Options()
        return LinkSettings(
            try Compressors.make(name, options), layout: .whole(count), hasFeedback: hasFeedback, keepsReplicas: true,
            hasCommonStart: hasCommonStart, seed: 1)
    }

    private func links(_ settings: LinkSettings, me: PeerID) -> CompressedLinks {
        let start = Payload([Float](repeating: 0, count: settings.layout.count))
        return CompressedLinks(settings, me: me, start: start, pool: PayloadPool())
    }

    private func vector(_ round: Int) -> Payload {
        Payload((0..<Self.count).map { Float(($0 * 37 + round * 11) % 23) - 11 + 0.25 * Float(round) })
    }

    private func id(_ number: Int) -> MessageID { MessageID(rawValue: UInt64(number)) }

    /// Both ends hold the same bits after every message, and what the receiver is told is the replica.
    @Test(arguments: ["topk", "randomk", "sign", "qsgd", "lowrank", "bf16", "fp16", "int8"], [true, false])
    func bothEndsKnowTheSame(name: String, hasCommonStart: Bool) throws {
        let settings = try settings(name, hasCommonStart: hasCommonStart)
        var (sender, receiver) = (links(settings, me: 0), links(settings, me: 1))
        for round in 1...20 {
            let packed = sender.pack(vector(round), isModel: true, to: 1, tag: 0, id: id(round))
            sender.forgetSent()
            #expect(packed.isPacked)
            let opened = receiver.unpack(packed, from: 0, tag: 0)
            let heard = try #require(opened)
            #expect(heard.array() == sender.replica(of: 0, at: 1)?.array())
        }
    }

    /// What a message leaves out comes with later ones.
    @Test(arguments: ["topk", "randomk", "sign", "qsgd", "bf16", "int8"]) func nothingIsLeftOutForGood(name: String)
        throws
    {
        let settings = try settings(name)
        var sender = links(settings, me: 0)
        let wanted = vector(3)
        for round in 1...400 {
            _ = sender.pack(wanted, isModel: true, to: 1, tag: 0, id: id(round))
            sender.forgetSent()
        }
        let replica = try #require(sender.replica(of: 0, at: 1)).array()
        #expect(zip(replica, wanted.array()).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    /// Neighbours who know the same share message and replica; one of another life gets the whole vector.
    @Test func whoKnowsTheSameGetsTheSame() throws {
        var sender = links(try settings(), me: 0)
        sender.admit(3)
        let source = vector(1)
        let packed = [1, 2, 3].map { sender.pack(source, isModel: true, to: PeerID($0), tag: 0, id: id($0)) }
        #expect(packed[0] === packed[1] && packed[0] !== packed[2])
        #expect(sender.replica(of: 0, at: 1) === sender.replica(of: 0, at: 2))
        #expect(packed[2].count == Self.count + 1)
        var receiver = links(try settings(), me: 3)
        receiver.beginIncarnation()
        #expect(receiver.unpack(packed[2], from: 0, tag: 0)?.array() == source.array())
    }

    /// A vector of another tag has a replica of its own, which begins with the whole of it.
    @Test func vectorsDoNotMix() throws {
        var sender = links(try settings(), me: 0)
        _ = sender.pack(vector(1), isModel: true, to: 1, tag: 0, id: id(1))
        let other = sender.pack(vector(2), isModel: false, to: 1, tag: 1, id: id(2))
        #expect(other.count == Self.count + 1)
        #expect(sender.replica(of: 1, at: 1)?.array() == vector(2).array())
        #expect(sender.replica(of: 0, at: 1)?.array() != vector(1).array())
    }

    /// Another life, of either end, begins with the whole vector.
    @Test func anotherLifeKnowsNothing() throws {
        var (sender, receiver) = (links(try settings(), me: 0), links(try settings(), me: 1))
        let first = sender.pack(vector(1), isModel: true, to: 1, tag: 0, id: id(1))
        sender.forgetSent()
        _ = receiver.unpack(first, from: 0, tag: 0)
        sender.fence(1)
        sender.admit(1)
        #expect(sender.replica(of: 0, at: 1) == nil)
        let whole = sender.pack(vector(2), isModel: true, to: 1, tag: 0, id: id(2))
        #expect(whole.count == Self.count + 1)
        sender.beginIncarnation()
        sender.forgetSent()
        #expect(sender.pack(vector(3), isModel: true, to: 1, tag: 0, id: id(3)).count == Self.count + 1)
    }

    /// Without feedback each message stands for itself, and the sender knows what the others have of it.
    @Test(arguments: ["bf16", "fp16", "int8"]) func aloneAMessageIsNearlyTheVector(name: String) throws {
        let settings = try settings(name, hasFeedback: false)
        var (sender, receiver) = (links(settings, me: 0), links(settings, me: 1))
        let source = vector(5)
        let packed = sender.pack(source, isModel: true, to: 1, tag: 0, id: id(1))
        let opened = receiver.unpack(packed, from: 0, tag: 0)
        let heard = try #require(opened)
        #expect(zip(heard.array(), source.array()).allSatisfy { abs($0 - $1) < 0.1 })
        #expect(sender.replica(of: 0, at: 1)?.array() == heard.array())
    }

    /// The bytes are those of the compressor, with three words before them.
    @Test func bytesAreFew() throws {
        let count = 100_000
        for (name, bytes) in [("bf16", 200_000), ("sign", 12_504), ("int8", 100_000)] {
            var sender = links(try settings(name, count: count), me: 0)
            let source = Payload((0..<count).map { Float($0 % 7) - 3 })
            let packed = sender.pack(source, isModel: true, to: 1, tag: 0, id: id(1))
            #expect(packed.byteCount >= bytes && packed.byteCount <= bytes + bytes / 50, "\(name): \(packed.byteCount)")
        }
    }

    /// Words that nobody has packed are no vector, and never the end of the program.
    @Test(arguments: ["topk", "randomk", "sign", "qsgd", "lowrank", "bf16", "fp16", "int8"])
    func changedWordsAreRefused(name: String) throws {
        let settings = try settings(name)
        var sender = links(settings, me: 0)
        let packed = sender.pack(vector(1), isModel: true, to: 1, tag: 0, id: id(1)).array()
        for place in packed.indices {
            for bit in [0, 7, 8, 15, 30] as [UInt32] {
                var words = packed
                words[place] = Float(bitPattern: words[place].bitPattern ^ (1 << bit))
                var receiver = links(settings, me: 1)
                if let vector = receiver.unpack(Payload(words, isPacked: true), from: 0, tag: 0) {
                    #expect(vector.count == Self.count)
                }
            }
        }
        for count in 0..<packed.count {
            var receiver = links(settings, me: 1)
            let cut = Payload(Array(packed.prefix(count)), isPacked: true)
            if let vector = receiver.unpack(cut, from: 0, tag: 0) { #expect(vector.count == Self.count) }
        }
    }

    /// A state is the links to the bit: what comes next is the same.
    @Test(arguments: ["topk", "lowrank"]) func aStateGoesOn(name: String) throws {
        let settings = try settings(name)
        var sender = links(settings, me: 0)
        _ = sender.pack(vector(1), isModel: true, to: 1, tag: 0, id: id(1))
        sender.forgetSent()
        var table = PayloadTable()
        let state = sender.state(&table)
        var again = links(settings, me: 0)
        try again.restore(state, PayloadTable(table.numbers))
        let (here, there) = (
            sender.pack(vector(2), isModel: true, to: 1, tag: 0, id: id(2)),
            again.pack(vector(2), isModel: true, to: 1, tag: 0, id: id(2))
        )
        #expect(here.array().map(\.bitPattern) == there.array().map(\.bitPattern))
        #expect(throws: StateError.self) { try again.restore(state, PayloadTable()) }
    }

    /// Gossip alone, by hand: three peers, each mixing with the others by thirds, gamma 0.5, of two numbers the greater,
    /// replicas 0 at first.
    @Test func gossipByHand() throws {
        var models: [[Float]] = [[1, -2], [3, 0.5], [-1, 4]]
        let settings = LinkSettings(
            try Compressors.make("topk", Options(["ratio": .number(0.5)])), layout: .whole(2), hasFeedback: true,
            keepsReplicas: true, hasCommonStart: true, seed: 1)
        var all = (0..<3).map { links(settings, me: PeerID($0)) }
        let wanted: [[[Float]]] = [
            [[1.5, -0.6666667], [2, 0.8333333], [-0.5, 2.3333333]],
            [[1.3333333, 0.3888889], [1.5833333, 0.8888889], [0.0833333, 1.2222222]],
            [[1.1666667, 0.6111111], [1.1666667, 0.8611111], [0.6666667, 1.0277778]],
        ]
        for round in 0..<9 {
            for peer in 0..<3 {
                let source = Payload(models[peer])
                for other in 0..<3 where other != peer {
                    let packed = all[peer].pack(
                        source, isModel: true, to: PeerID(other), tag: 0, id: id(3 * round + 1))
                    _ = all[other].unpack(packed, from: PeerID(peer), tag: 0)
                }
                all[peer].forgetSent()
            }
            for peer in 0..<3 {
                let own = try #require(all[peer].replica(of: 0, at: PeerID((peer + 1) % 3))).array()
                for other in 0..<3 where other != peer {
                    let heard = try #require(all[peer].heard[LinkKey(peer: PeerID(other), tag: 0)]).array()
                    for number in 0..<2 { models[peer][number] += 0.5 / 3 * (heard[number] - own[number]) }
                }
            }
            guard round < 3 else { continue }
            for peer in 0..<3 {
                for number in 0..<2 { #expect(abs(models[peer][number] - wanted[round][peer][number]) < 1e-6) }
            }
        }
        for model in models { #expect(abs(model[0] - 1) < 0.1 && abs(model[1] - 0.8333333) < 0.1) }
    }
}
