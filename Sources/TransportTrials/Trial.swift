public import Gossip

/// What the peers of a transport's test say to each other: a network of processes after Kahn, whose answer does not
/// depend on time.
///
/// There is one list of messages. Each peer takes from it, in order, what it sends and what it is to hear, and waits
/// for the next message of the sender whose turn it is, whoever else has spoken meanwhile. So nobody waits forever: of
/// all who wait, the one whose message comes first in the list has had it sent. What a peer makes of its vector depends
/// on everything that it has heard, metadata to the bit, and on nothing else.
///
/// Citation: G. Kahn, The semantics of a simple language for parallel programming, Information Processing 74, 1974.
public struct Trial: Sendable {
    /// What a message carries.
    public enum Load: Sendable, Codable, Hashable {
        /// Metadata alone.
        case metadata
        /// A part of the sender's vector.
        case part(Part)
        /// What the sender has heard last, passed on as it is: that part of somebody's vector.
        case relay(Part)

        var part: Part? {
            switch self {
            case .metadata: nil
            case .part(let part), .relay(let part): part
            }
        }
    }

    /// One entry of the list: who sends what to whom.
    public struct Message: Sendable, Hashable {
        let from: Int
        let to: Int
        let load: Load
        let metadata: Metadata

        /// Sender and receiver, by number, must differ.
        public init(from: Int, to: Int, load: Load, metadata: Metadata) {
            precondition(from != to, "peer \(from) talks to itself")
            self.from = from
            self.to = to
            self.load = load
            self.metadata = metadata
        }
    }

    /// How many peers there are, and how long their vectors.
    public let peers: Int
    public let count: Int
    /// The list, in programs: at the end of each everybody's vector is looked at.
    public let programs: [[Message]]

    /// A list for so many peers, whose vectors have `count` numbers.
    public init(peers: Int, count: Int, programs: [[Message]]) {
        self.peers = peers
        self.count = count
        self.programs = programs
    }

    /// What one peer does.
    func steps(of peer: Int) -> [ExchangeStep] {
        programs.flatMap { program in
            program.compactMap { message -> ExchangeStep? in
                if message.from == peer { return .say(to: message.to, message.load, message.metadata) }
                if message.to == peer { return .hear(from: message.from, message.load.part) }
                return nil
            } + [.show]
        }
    }

    /// The algorithm of one peer.
    public func talk(of peer: Int) -> ScriptedExchange { ScriptedExchange(me: peer, steps: steps(of: peer)) }

    /// The vector with which a peer begins.
    public func vector(of peer: Int) -> [Float] {
        (0..<count).map { index in Float((index &* 31 &+ peer &* 17) % 1009) / 1009 - 0.5 }
    }
}
