public import Configuration
public import Graphs

/// A byzantine peer: the algorithm as an honest one has it, and around it what replaces the vectors that it sends.
///
/// Its own state stays honest: it does not deceive itself, waits for whom it must, and numbers and weights that travel
/// with a vector stay as they are, so that conserved mass is conserved. Into an exact average it gives what it would
/// have sent. Parts of a network and payloads that are passed on are left alone.
///
/// An attack that is made of what others sent goes by what was heard in rounds before the one under way, where peers
/// wait for each other, so that it does not depend on who is quicker; before anything was heard the peer is honest.
/// Who is byzantine is known among them and not heard.
public struct Attacked: Algorithm {
    /// What a peer does from one moment on, by its own clock, until another one, which does not belong to it.
    public struct Stretch: Sendable, Hashable, Codable {
        /// What it does.
        public let attack: Attack
        /// The first moment.
        public let start: Time
        /// Nil where it never ends.
        public let end: Time?

        /// An attack between two moments.
        public init(_ attack: Attack, from start: Time, until end: Time?) {
            self.attack = attack
            self.start = start
            self.end = end
        }
    }

    /// Under this name a saved one is read back; no experiment names it.
    public static let description = Description(
        name: "byzantine", summary: "a byzantine peer, as a fault list makes one of another algorithm's peer")

    var honest: SavedAlgorithm
    private let stretches: [Stretch]
    let me: PeerID
    let seed: UInt64
    let learners: Int
    /// All byzantine peers of the run, ascending.
    let byzantinePeers: [PeerID]
    /// How receivers weigh what they hear; nil where no attack asks.
    let mixing: MixingMatrix?
    let isLockStep: Bool
    var heard: HeardVectors
    /// Whose first values are kept, in the order of their slots.
    var firsts: [FirstVector] = []
    /// Vectors crafted so far, for chance.
    var craftedCount: UInt64 = 0

    /// A peer that would be honest, with what it does instead.
    ///
    /// - Parameters:
    ///   - setup: That of the honest algorithm.
    ///   - byzantinePeers: All of the run.
    public init(
        _ honest: any Algorithm, _ setup: Setup, _ stretches: [Stretch], byzantinePeers: [PeerID], isLockStep: Bool
    ) {
        self.honest = SavedAlgorithm(honest)
        self.stretches = stretches
        me = setup.me
        seed = setup.seed
        learners = setup.peers
        self.byzantinePeers = byzantinePeers.sorted()
        let isDissensus = stretches.contains { if case .dissensus = $0.attack { true } else { false } }
        mixing = isDissensus ? setup.mixing : nil
        self.isLockStep = isLockStep
        heard = HeardVectors(isByRound: isLockStep)
    }

    /// Refuses: what is honest is not made by a name.
    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        throw ConfigurationError(key: "name", "who is byzantine stands in simulation.faults")
    }

    public var evaluated: Term { honest.algorithm.evaluated }
    public var invariants: [Invariant] { honest.algorithm.invariants }
    public var stepsMissed: UInt64 { honest.algorithm.stepsMissed }
    public var trustInNeighbours: [TrustStanding] { honest.algorithm.trustInNeighbours }
    public var awaitsNextStep: Bool { honest.algorithm.awaitsNextStep }
    public func lastStep(of learner: PeerID) -> UInt64 { honest.algorithm.lastStep(of: learner) }

    private func attack(at now: Time) -> Attack? {
        stretches.first { $0.start <= now && ($0.end.map { now < $0 } ?? true) && $0.attack != .labelFlip }?.attack
    }

    private var listens: Bool { stretches.contains { $0.attack.needsModelsOfOthers } }
    private var keepsFirsts: Bool { stretches.contains { $0.attack == .replay || $0.attack == .freeRider } }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        var newlyHeard: PayloadID?
        switch event {
        case .start:
            if stretches.contains(where: { $0.attack == .freeRider }) {
                effects.combine(into: Self.start, Term(1, .model))
            }
        case .received(.some(let payload), let metadata, let sender):
            if listens, !byzantinePeers.contains(sender), sender.rawValue < learners {
                newlyHeard = payload
                heard.add(payload, from: sender, metadata)
            }
        case .peerLeft(let peer): heard.forget(peer, &effects)
        case .end: heard.forgetAll(&effects)
        default: break
        }
        var wanted = Effects(after: effects.lastMessage)
        honest.algorithm.handle(event, now: now, &wanted)
        let isKept = newlyHeard.map { wanted.list.contains(.keep($0)) } ?? true
        if let newlyHeard, !isKept { effects.keep(newlyHeard) }
        carryOut(wanted, attack(at: now), &effects)
        heard.forgetOld(&effects)
    }

    /// Passes on what the honest algorithm wants, with other vectors.
    private mutating func carryOut(_ wanted: Effects, _ attack: Attack?, _ effects: inout Effects) {
        /// The last vector that was crafted, as long as nothing has changed since.
        var last: (of: Message, vector: Vector)?
        func crafted(_ message: Message, to receiver: PeerID, _ me: inout Attacked) -> Vector {
            if let last, last.of == message { return last.vector }
            if me.keepsFirsts { me.keepFirst(of: message, &effects) }
            guard let attack else { return message.vector }
            let vector = me.craft(attack, message, to: receiver, &effects)
            if case .dissensus = attack { last = nil } else { last = (message, vector) }
            return vector
        }
        for effect in wanted.list {
            switch effect {
            case .send(.some(let vector), let part, let metadata, let receiver, _):
                let message = Message(vector: vector, part: part, round: metadata.round, tag: metadata.tag)
                let given = crafted(message, to: receiver, &self)
                effects.send(given, part: part, metadata: said(metadata, attack), to: receiver)
            case .send(nil, let part, let metadata, let receiver, _):
                effects.send(nil, part: part, metadata: said(metadata, attack), to: receiver)
            case .sendProduct(let vector, let factoring, let seed, let metadata, let receiver, _):
                let message = Message(vector: vector, part: nil, round: metadata.round, tag: metadata.tag)
                let given = crafted(message, to: receiver, &self)
                effects.sendProduct(given, factoring, seed: seed, metadata: metadata, to: receiver)
            case .average(let vector):
                let message = Message(vector: vector, part: nil, round: craftedCount, tag: 0)
                let given = crafted(message, to: me, &self)
                if given != vector { effects.combine(into: vector, Term(1, given)) }
                effects.append(effect)
                last = nil
            case .keep(let payload):
                heard.isKept(payload)
                effects.append(effect)
            case .release(let payload):
                if heard.mayRelease(payload) { effects.append(effect) }
            default:
                last = nil
                effects.append(effect)
            }
        }
    }
}
