public import Configuration
public import Gossip
import Graphs

/// A peer of a trial, as an algorithm: the real node runs it, over whatever transport.
public struct ScriptedExchange: Algorithm {
    public static let description = Description(name: "talk", summary: "messages of a transport's trial")

    private struct Heard: Codable {
        let payload: PayloadID?
        let metadata: Metadata
    }

    private let me: Int
    private let steps: [ExchangeStep]
    private var place = 0
    /// What has come before its turn, by sender, in order.
    private var waiting: [Int: [Heard]] = [:]
    private var last: PayloadID?
    /// Everything heard so far, in one number.
    private var digest: UInt64 = 0

    init(me: Int, steps: [ExchangeStep]) {
        self.me = me
        self.steps = steps
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        throw ConfigurationError(key: nil, "a talk is made by a trial")
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .received(let payload, let metadata, let peer):
            if let payload { effects.keep(payload) }
            waiting[peer.rawValue, default: []].append(Heard(payload: payload, metadata: metadata))
        case .start: break
        case .end:
            if let last { effects.release(last) }
            return
        default: return
        }
        goOn(&effects)
    }

    private mutating func goOn(_ effects: inout Effects) {
        while place < steps.count {
            switch steps[place] {
            case .say(let peer, let load, let metadata):
                say(load, metadata, to: PeerID(peer), &effects)
            case .hear(let peer, let part):
                guard let first = waiting[peer]?.first else { return }
                waiting[peer]?.removeFirst()
                hear(first, part, from: peer, &effects)
            case .show:
                effects.score(.model)
            }
            place += 1
            if place == steps.count { effects.finish() }
        }
    }

    private mutating func say(_ load: Trial.Load, _ metadata: Metadata, to peer: PeerID, _ effects: inout Effects) {
        switch load {
        case .metadata: effects.send(nil, metadata: metadata, to: peer)
        case .part(let part): effects.send(.model, part: part, metadata: metadata, to: peer)
        case .relay:
            guard let last else { preconditionFailure("peer \(me) passes on what it never heard") }
            effects.send(.received(last), metadata: metadata, to: peer)
        }
    }

    private mutating func hear(_ heard: Heard, _ part: Part?, from peer: Int, _ effects: inout Effects) {
        precondition((heard.payload == nil) == (part == nil), "peer \(peer) told \(me) another thing than its turn was")
        let words = [
            UInt64(peer), heard.metadata.round, UInt64(heard.metadata.tag), heard.metadata.weight.bitPattern,
        ]
        for word in words { digest = (digest ^ word) &* 0x9E37_79B9_7F4A_7C15 ^ (digest >> 29) }
        // Between 1/4 and 3/4, by all that was heard: metadata that differs in one bit changes the vector for good.
        let weight = 0.25 + Double(digest >> 11) * 0x1p-54
        if let payload = heard.payload {
            effects.combine(
                into: .model, part: part, Term(1 - weight, .model, part: part), Term(weight, .received(payload)))
            if let last { effects.release(last) }
            last = payload
        } else {
            let first = Part(0, of: 2)
            effects.combine(into: .model, part: first, Term(0.5 + weight, .model, part: first))
        }
    }
}
