package import Configuration

/// How things stand with the peers at a moment of a run, and what has passed between them since the record before: for
/// whoever watches it.
public struct PulseRecord: Sendable, Hashable {
    /// Steps of the learner that is furthest.
    public var step: Int
    /// Seconds of training.
    public var time: Double
    /// The same at the record before.
    public var since: Double
    /// Samples that all learners have seen.
    public var samples: Int
    /// Steps of all learners together, now and at the end.
    public var steps: Progress
    /// Messages that came to nothing, repetitions among them, since the run began.
    public var dropped: Int
    /// Learners, then servers; none where there are more than `PeerSummary.pairLimit`.
    public var peers: [Peer]
    /// Who sent how many messages to whom since the record before.
    public var messages: [Pair]
    /// Who waited how long, in seconds since the record before, for a message of whom.
    public var waits: [Wait]

    /// More pairs than these, all those of 64 peers, are left out, the quietest first: a line has its limit.
    public static let pairLimit = 4096

    /// How much of something is done.
    public struct Progress: Sendable, Hashable {
        /// So far.
        public var done: Int
        /// In the end.
        public var total: Int

        /// So much of so much.
        public init(done: Int, total: Int) {
            self.done = done
            self.total = total
        }
    }

    /// How a peer stands.
    public struct Peer: Sendable, Hashable {
        /// What becomes of it; the raw values are those of the file.
        public enum State: String, Sendable {
            case running, finished, dead
        }

        /// Gradient steps so far.
        public var steps: Int
        /// Seconds of training in which it computed so far.
        public var computingSeconds: Double
        /// What it holds of the conserved mass; nil where the algorithm has none.
        public var mass: Double?
        /// Whether it goes on.
        public var state: State

        /// A peer that stands so.
        public init(steps: Int, computingSeconds: Double, mass: Double?, state: State) {
            self.steps = steps
            self.computingSeconds = computingSeconds
            self.mass = mass
            self.state = state
        }
    }

    /// Messages from one peer to another.
    public struct Pair: Sendable, Hashable {
        /// Who sent them.
        public var from: Int
        /// Who was to have them.
        public var to: Int
        /// How many.
        public var count: Int

        /// So many messages from one to the other.
        public init(from: Int, to: Int, count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    /// How long a peer waited for another one.
    public struct Wait: Sendable, Hashable {
        /// Who waited.
        public var peer: Int
        /// By whose message it went on.
        public var awaited: Int
        /// How long.
        public var seconds: Double

        /// A peer waited so long for another one.
        public init(peer: Int, awaited: Int, seconds: Double) {
            self.peer = peer
            self.awaited = awaited
            self.seconds = seconds
        }
    }

    /// A record of all this.
    public init(
        step: Int, time: Double, since: Double, samples: Int, steps: Progress, dropped: Int, peers: [Peer],
        messages: [Pair], waits: [Wait]
    ) {
        self.step = step
        self.time = time
        self.since = since
        self.samples = samples
        self.steps = steps
        self.dropped = dropped
        self.peers = peers
        self.messages = messages
        self.waits = waits
    }

    private static func rounded(_ seconds: Double) -> JSON { .number((seconds * 1e6).rounded() / 1e6) }

    package var fields: [(String, JSON)] {
        [
            ("step", .integer(step)), ("time", Self.rounded(time)), ("since", Self.rounded(since)),
            ("samples", .integer(samples)), ("steps_done", .integer(steps.done)),
            ("steps_total", .integer(steps.total)), ("dropped", .integer(dropped)),
            (
                "peers",
                .array(
                    peers.map { peer in
                        .array([
                            .integer(peer.steps), Self.rounded(peer.computingSeconds),
                            peer.mass.map(JSON.number) ?? .null, .string(peer.state.rawValue),
                        ])
                    })
            ),
            (
                "messages",
                .array(messages.map { .array([.integer($0.from), .integer($0.to), .integer($0.count)]) })
            ),
            (
                "waits",
                .array(waits.map { .array([.integer($0.peer), .integer($0.awaited), Self.rounded($0.seconds)]) })
            ),
        ]
    }

    /// Reads the fields of a line. Throws for those that are missing, or of another type.
    package init(_ json: JSON) throws(MetricsError) {
        step = try json.integer("step")
        time = try json.number("time")
        since = try json.number("since")
        samples = try json.integer("samples")
        steps = Progress(done: try json.integer("steps_done"), total: try json.integer("steps_total"))
        dropped = try json.integer("dropped")
        peers = try Self.rows("peers", in: json) { row in
            guard
                row.count == 4, case .integer(let steps) = row[0], let seconds = row[1].asNumber,
                case .string(let word) = row[3], let state = Peer.State(rawValue: word)
            else { return nil }
            return Peer(steps: steps, computingSeconds: seconds, mass: row[2].asNumber, state: state)
        }
        messages = try Self.rows("messages", in: json) { row in
            guard row.count == 3,
                case (.integer(let from), .integer(let to), .integer(let count)) = (row[0], row[1], row[2])
            else { return nil }
            return Pair(from: from, to: to, count: count)
        }
        waits = try Self.rows("waits", in: json) { row in
            guard
                row.count == 3, case (.integer(let peer), .integer(let awaited)) = (row[0], row[1]),
                let seconds = row[2].asNumber
            else { return nil }
            return Wait(peer: peer, awaited: awaited, seconds: seconds)
        }
    }

    private static func rows<Row>(
        _ key: String, in json: JSON, _ read: ([JSON]) -> Row?
    ) throws(MetricsError) -> [Row] {
        guard case .array(let items) = json[key] else { throw .type(of: key) }
        var rows: [Row] = []
        for case .array(let row) in items {
            guard let row = read(row) else { break }
            rows.append(row)
        }
        guard rows.count == items.count else { throw .type(of: key) }
        return rows
    }
}
