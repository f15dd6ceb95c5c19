import Configuration
import Graphs
import Randomness

@testable import Gossip

/// Peers of nettorrent whose vectors are hashes of what they were made of: two are the same only where the same was
/// computed in the same order. What happens next is drawn from a seed, as are the moments at which peers die.
struct LayerWorld {
    /// What is on its way from one peer to another, in order.
    private enum Item {
        case message(UInt64?, Metadata, MessageID)
        case delivered(MessageID)
        case left
    }

    private struct Way: Hashable, Comparable {
        let from: Int
        let to: Int
        static func < (a: Way, b: Way) -> Bool { (a.from, a.to) < (b.from, b.to) }
    }

    private(set) var peers: [LayerPeer]
    private var ways: [Way: [Item]] = [:]
    private var unacknowledged: [Way: [MessageID]] = [:]
    private var random: RandomStream

    init(_ settings: [String: OptionValue], peers count: Int, steps: UInt64, hasNorms: Bool, seed: UInt64) throws {
        random = RandomStream(seed: seed, purpose: .test)
        peers = try (0..<count).map { index in
            let setup = Setup(
                me: PeerID(index), peers: count, seed: 1, graph: try Graph("complete", peers: count), samples: 8,
                stepsPerEpoch: 1, steps: steps)
            return LayerPeer(
                try NetTorrent(setup, options: Options(settings)), isFirst: index / Self.slots(settings) == 0,
                isLast: index / Self.slots(settings) == (count - 1) / Self.slots(settings), hasNorms: hasNorms)
        }
    }

    private static func slots(_ settings: [String: OptionValue]) -> Int { settings["peers_per_stage"]?.asInteger ?? 2 }

    /// Runs until nothing is left to happen; each of these peers dies when so many things have happened.
    mutating func run(deaths: [Int: Int] = [:]) {
        for index in peers.indices { tell(index, .start) }
        var events = 0
        while true {
            for (dead, moment) in deaths.sorted(by: { $0.key < $1.key }) where moment == events { kill(dead) }
            let computing = peers.indices.filter { peers[$0].isAlive && peers[$0].computed != nil }
            let open = ways.filter { !$0.value.isEmpty && peers[$0.key.to].isAlive }.keys.sorted()
            guard computing.count + open.count > 0 else { break }
            events += 1
            let choice = Int(random.next() % UInt64(computing.count + open.count))
            if choice < computing.count {
                compute(computing[choice])
            } else {
                handOver(open[choice - computing.count])
            }
            precondition(events < 2_000_000, "this world never ends")
        }
        for index in peers.indices where peers[index].isAlive { tell(index, .end) }
    }

    private mutating func compute(_ index: Int) {
        guard let event = peers[index].takeComputed() else { return }
        tell(index, event)
    }

    private mutating func handOver(_ way: Way) {
        guard let item = ways[way]?.removeFirst() else { return }
        switch item {
        case .message(let value, let metadata, let id):
            let payload = value.map { peers[way.to].arrive($0) }
            tell(way.to, .received(payload, metadata: metadata, from: PeerID(way.from)))
            ways[Way(from: way.to, to: way.from), default: []].append(.delivered(id))
        case .delivered(let id):
            unacknowledged[Way(from: way.to, to: way.from)]?.removeAll { $0 == id }
            tell(way.to, .delivered(id))
        case .left:
            let back = Way(from: way.to, to: way.from)
            for id in unacknowledged.removeValue(forKey: back) ?? [] { tell(way.to, .returned(id, nil)) }
            tell(way.to, .peerLeft(PeerID(way.from)))
        }
    }

    /// What the dead peer sent is lost from some place on, on each of its ways.
    private mutating func kill(_ dead: Int) {
        guard peers[dead].isAlive else { return }
        peers[dead].isAlive = false
        for other in peers.indices where other != dead && peers[other].isAlive {
            let way = Way(from: dead, to: other)
            let items = ways[way] ?? []
            ways[way] = Array(items.prefix(Int(random.next() % UInt64(items.count + 1)))) + [.left]
        }
    }

    private mutating func tell(_ index: Int, _ event: Event) {
        for message in peers[index].handle(event) {
            let way = Way(from: index, to: message.to)
            unacknowledged[way, default: []].append(message.id)
            if peers[message.to].isAlive {
                ways[way, default: []].append(.message(message.value, message.metadata, message.id))
            } else if ways[Way(from: message.to, to: index)]?.isEmpty ?? true {
                // Its death has been told: it is known at once that nobody takes this.
                unacknowledged[way]?.removeAll { $0 == message.id }
                tell(index, .returned(message.id, nil))
            }
        }
    }
}
