import Dispatch
import Gossip
import Runs

/// All the workers of a run, as the leader it sees them: the one of this process, and those of the other ranks.
///
/// An order goes to the others first and is then carried out here, so that all are at it at the same time.
final class Workers {
    private let own: LocalPeers
    private let mailbox: ControlMailbox?
    private let layout: RankLayout
    private let handIn: (Snapshots.Snapshot, UInt64) -> Void
    /// Rung when there is something to look at.
    let bell: DispatchSemaphore
    /// The ranks that are there, this one first.
    private(set) var living: [Int]
    /// The ranks that have fallen silent and of which nobody was told yet.
    private var silent: [Int] = []
    private var answers: [UInt64: ControlContent<Reply>] = [:]
    private var number: UInt64 = 0

    init(
        _ own: LocalPeers, _ mailbox: ControlMailbox?, bell: DispatchSemaphore,
        handIn: @escaping (Snapshots.Snapshot, UInt64) -> Void
    ) {
        self.own = own
        self.mailbox = mailbox
        layout = own.plan.ranks
        self.bell = bell
        self.handIn = handIn
        living = Array(0..<layout.ranks)
    }

    /// Has all living workers carry out an order; the answers by rank, without those of ranks that are gone by then.
    @discardableResult
    func all(_ command: Command) throws -> [Int: ControlContent<Reply>] {
        var numbers: [Int: UInt64] = [:]
        for rank in living where rank != 0 { numbers[rank] = send(ControlContent(command), to: rank) }
        var found = [0: own.carryOut(ControlContent(command))]
        for (rank, number) in numbers { found[rank] = try reply(number, of: rank) }
        // All are there before one may turn out to be a refusal.
        for (rank, reply) in found.sorted(by: { $0.key < $1.key }) { try check(reply, of: rank) }
        return found
    }

    /// Has the worker of a peer carry out an order; nil when its rank is gone.
    func one(with peer: Int, _ command: ControlContent<Command>) throws -> ControlContent<Reply>? {
        let rank = layout.rank(of: peer)
        guard living.contains(rank) else { return nil }
        let found = rank == 0 ? own.carryOut(command) : try reply(send(command, to: rank), of: rank)
        if let found { try check(found, of: rank) }
        return found
    }

    /// Looks at what has come unasked.
    func takeEvents() throws {
        guard let mailbox else { return }
        while let (message, rank) = try mailbox.take() { try take(message, from: rank) }
        while let rank = mailbox.takeTimeout() {
            guard living.contains(rank) else { continue }
            living.removeAll { $0 == rank }
            silent.append(rank)
        }
    }

    /// The peers of a rank that has fallen silent, told once; the others have heard of it.
    func takeLost() throws -> Range<Int>? {
        guard let rank = silent.popLast() else { return nil }
        let peers = layout.peers(of: rank)
        try all(.leave(peers: peers, rank: rank))
        return peers
    }

    // MARK: Letters

    private func send(_ command: ControlContent<Command>, to rank: Int) -> UInt64 {
        number += 1
        mailbox?.send(command.map { [number] in .command(number, $0) }, to: rank)
        return number
    }

    /// The answer of that number, waited for; nil when the rank is gone first.
    private func reply(_ number: UInt64, of rank: Int) throws -> ControlContent<Reply>? {
        while true {
            try takeEvents()
            if let reply = answers.removeValue(forKey: number) { return reply }
            guard living.contains(rank) else { return nil }
            mailbox?.mail.wait()
        }
    }

    private func take(_ message: ControlContent<ControlMailbox.Message>, from rank: Int) throws {
        guard living.contains(rank) else { return }
        switch message.head {
        case .reply(let number, let reply): answers[number] = message.map { _ in reply }
        case .event(.ring): break
        case .event(.snapshot(let peer, let samples, let step)):
            guard let model = message.payload else { throw RankError(rank, "peer \(peer) hands in no model") }
            handIn(Snapshots.Snapshot(peer: peer, model: model, samples: samples), step)
        case .handshake, .command, .shutdown:
            throw RankError(rank, "speaks out of turn; start all ranks with the same build")
        }
    }

    private func check(_ reply: ControlContent<Reply>, of rank: Int) throws {
        switch reply.head {
        case .unfit(let peer, let reason): throw LocalPeers.Unfit(peer: peer, reason: RankError(rank, reason))
        case .failed(let reason, let code): throw RankError(layout.ranks > 1 ? rank : nil, reason, code: code)
        case .done, .report, .saved, .model: break
        }
    }
}
