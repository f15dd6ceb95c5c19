/// How a peer comes in that was not there at first, where every peer holds a share of one whole: it asks another one,
/// the donor, who gives it half of its share with its model. Nothing is added to the whole, so that what theory says of
/// it goes on to hold; the newcomer begins as its donor's equal.
///
/// The question is asked again when the donor is gone, or begins another life. Who is asked while it waits itself
/// answers when it has something to give.
struct Entrance: Sendable, Codable {
    /// The channel of questions, which carry no vector, and of gifts.
    static let channel: UInt32 = 1
    /// Numbers of questions and answers are above all others of an algorithm.
    private static let firstMessage: UInt64 = 1 << 62

    private let me: PeerID
    private let graph: Graph
    private let latecomers: Set<PeerID>
    /// Whether the peer has nothing yet.
    private(set) var isWaiting: Bool
    private var hasStarted = false
    private var donor: PeerID?
    private var question: MessageID?
    private var askers: [PeerID] = []
    private var messages: UInt64 = 0

    init(_ setup: Setup) {
        me = setup.me
        graph = setup.graph
        latecomers = setup.latecomers
        isWaiting = setup.isLatecomer
    }

    func isLatecomer(_ peer: PeerID) -> Bool { latecomers.contains(peer) }

    /// From now on questions may be asked: it is known who is there.
    mutating func start() { hasStarted = true }

    /// Asks one of those who are there, if nobody has been asked: the first of them, but a founder rather than one who
    /// may be waiting, too, and where `prefersNeighbours` one who may send to this peer. False where nobody is there.
    mutating func ask(
        without absentees: Absentees, prefersNeighbours: Bool, _ effects: inout Effects
    ) -> Bool {
        guard isWaiting, hasStarted, donor == nil else { return true }
        let all = absentees.present((0..<graph.peers).map { PeerID($0) }).filter { $0 != me }
        let near = prefersNeighbours ? absentees.present(graph.senders(to: me, round: 0)).filter { $0 != me } : []
        let founders = [near, all].map { $0.filter { !latecomers.contains($0) } }
        guard let chosen = (founders + [near, all]).lazy.compactMap(\.first).first else { return false }
        let id = nextMessage()
        (donor, question) = (chosen, id)
        effects.send(nil, note: Note(channel: Self.channel), to: chosen, id: id)
        return true
    }

    /// The donor is gone, and so may be what it gave; or one who asked.
    mutating func left(_ peer: PeerID) {
        if donor == peer { donor = nil }
        askers.removeAll { $0 == peer }
    }

    /// The question was not answered: who was asked is gone, or has begun another life; which of both is told next.
    mutating func returned(_ id: MessageID) { if question == id { donor = nil } }

    mutating func asked(by peer: PeerID) { askers.append(peer) }

    /// Whom to give to next, once there is something to give; in the order of their questions.
    mutating func nextAsker() -> PeerID? { isWaiting || askers.isEmpty ? nil : askers.removeFirst() }

    /// The peer has a share from now on.
    mutating func enter() { isWaiting = false }

    /// The number of the next question or answer.
    mutating func nextMessage() -> MessageID {
        messages += 1
        return MessageID(rawValue: Self.firstMessage + messages)
    }
}
