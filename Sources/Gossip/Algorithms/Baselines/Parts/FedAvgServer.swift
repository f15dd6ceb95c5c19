import Graphs
import Randomness

/// The server of `FedAvg`.
struct FedAvgServer: Sendable, Codable {
    private typealias Channel = FedAvg.Channel

    private struct Result: Sendable, Codable {
        let payload: PayloadID
        let samples: Double
    }

    private let me: PeerID
    private let clients: Int
    private let fraction: Double
    /// The steps that each client is to make.
    private let wanted: LearnerSteps
    private var random: RandomStream
    private var absentPeers = AbsentPeers()
    /// Who has not come back in this round, and what the others have brought.
    private var awaited: Set<PeerID> = []
    private var results: [PeerID: Result] = [:]
    /// Gradient steps that each client has told of.
    private var made: [PeerID: UInt64] = [:]
    /// The same of the rounds whose mean is taken.
    private var averaged: [PeerID: UInt64] = [:]
    /// How what clients bring is mixed where it is not by the mean; the server's model is no candidate.
    private var aggregation: Aggregation?
    /// Rounds whose results are mixed.
    private var round: UInt64 = 0
    private var isStopping = false
    private var hasEnded = false

    init(_ setup: Setup, fraction: Double, aggregation: Aggregation?) {
        me = setup.me
        clients = setup.peers
        self.fraction = fraction
        self.aggregation = aggregation
        wanted = LearnerSteps(setup)
        random = RandomStream(seed: setup.seed, purpose: .algorithm, peer: setup.me.rawValue)
    }

    mutating func handle(_ event: Event, _ effects: inout Effects) {
        switch event {
        case .start:
            goOn(&effects)
        case .received(.some(let payload), let metadata, let client):
            made[client] = metadata.round
            guard awaited.remove(client) != nil else { break }
            effects.keep(payload)
            results[client] = Result(payload: payload, samples: metadata.weight)
            goOn(&effects)
        case .peerLeft(let client):
            absentPeers.left(client)
            awaited.remove(client)
            goOn(&effects)
        case .peerJoined(let client):
            absentPeers.joined(client)
            if hasEnded { send(Channel.end, to: client, &effects) } else { goOn(&effects) }
        case .stop:
            isStopping = true
        default: break
        }
    }

    /// Once everybody is back: takes the mean and begins the next round, or ends.
    private mutating func goOn(_ effects: inout Effects) {
        guard awaited.isEmpty, !hasEnded else { return }
        takeMean(&effects)
        let present = absentPeers.present((0..<clients).map { PeerID($0) })
        guard !present.isEmpty else { return }
        let isDone = present.reduce(0) { $0 + made[$1, default: 0] } >= present.reduce(0) { $0 + wanted[$1] }
        hasEnded = isDone || isStopping
        let drawn = hasEnded ? present : draw(present)
        for client in drawn { send(hasEnded ? Channel.end : Channel.round, to: client, &effects) }
        if hasEnded { effects.finish() } else { awaited = Set(drawn) }
    }

    private mutating func send(_ tag: UInt32, to client: PeerID, _ effects: inout Effects) {
        effects.send(.model, metadata: Metadata(tag: tag), to: client)
    }

    private mutating func takeMean(_ effects: inout Effects) {
        guard !results.isEmpty else { return }
        let brought = results.sorted { $0.key < $1.key }.map(\.value)
        let total = brought.reduce(0) { $0 + $1.samples }
        if aggregation == nil {
            let moves = brought.map { Term($0.samples / total, .received($0.payload), minus: .model) }
            effects.combine(into: .model, [Term(1, .model)] + moves)
        }
        aggregation?.mix(
            into: .model, [Term(1, .model)], own: .model,
            brought.map { Term($0.samples / total, .received($0.payload)) }, round: round, &effects)
        round += 1
        for result in brought { effects.release(result.payload) }
        for client in results.keys { averaged[client] = made[client] }
        results = [:]
    }

    /// The model stands for all clients alike, whoever was drawn: for the share of their steps that is in it.
    func lastStep(of client: PeerID) -> UInt64 {
        let present = absentPeers.present((0..<clients).map { PeerID($0) })
        let all = present.reduce(0) { $0 + wanted[$1] }
        guard all > 0, !absentPeers.contains(client) else { return .max }
        let made = present.reduce(0) { $0 + averaged[$1, default: 0] }
        return all.dividingFullWidth(made.multipliedFullWidth(by: wanted[client])).quotient
    }

    /// How many of the clients take part in a round.
    static func drawn(of clients: Int, _ fraction: Double) -> Int {
        max(Int((fraction * Double(clients)).rounded()), 1)
    }

    private mutating func draw(_ present: [PeerID]) -> [PeerID] {
        let wanted = Self.drawn(of: clients, fraction)
        let order = random.permutation(of: present.count)
        return order.prefix(wanted).sorted().map { present[$0] }
    }
}
