public import Configuration
public import Gossip
public import Graphs

/// Two peers that hand metadata back and forth, to measure how long one is under way: the first serves.
public struct PingPong: Algorithm {
    public static let description = Description(
        name: "ping-pong", summary: "messages to and fro, to measure a transport")

    private let rounds: Int
    private let other: PeerID
    private let serves: Bool
    private var count: UInt64 = 0
    /// When each message came.
    private var times: [Time] = []

    /// One of two peers, which is done when `rounds` notes have come; exactly one of the two serves.
    public init(rounds: Int, to other: PeerID, serves: Bool) {
        self.rounds = rounds
        self.other = other
        self.serves = serves
        times.reserveCapacity(rounds)
    }

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        throw ConfigurationError(key: nil, "a ping-pong is made by a measurement")
    }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start where serves:
            sendPing(&effects)
        case .received:
            times.append(now)
            if !serves || times.count < rounds { sendPing(&effects) }
            if times.count == rounds { effects.finish() }
        default: break
        }
    }

    private mutating func sendPing(_ effects: inout Effects) {
        count += 1
        effects.send(nil, metadata: Metadata(round: count), to: other)
    }

    /// Seconds of each time there and back, the shortest first.
    public var roundTripSeconds: [Double] { zip(times.dropFirst(), times).map { $0 - $1 }.sorted() }
}
