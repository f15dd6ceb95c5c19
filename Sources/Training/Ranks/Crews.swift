import Dispatch
import Gossip

/// All the crews of a run, as whoever leads it sees them: the one of this process, and those of the other ranks.
///
/// An order goes to the others first and is then carried out here, so that all are at it at the same time.
final class Crews {
    private let own: Crew
    private let post: RankPost?
    private let layout: RankLayout
    private let handIn: (Snapshots.Snapshot, UInt64) -> Void
    /// Rung when there is something to look at.
    let bell: DispatchSemaphore
    /// The ranks that are there, this one first.
    private(set) var living: [Int]
    /// The ranks that have fallen silent and of which nobody was told yet.
    private var silent: [Int] = []
    private var answers: [UInt64: Parcel<Answer>] = [:]
    private var number: UInt64 = 0

    init(
        _ own: Crew, _ post: RankPost?, bell: DispatchSemaphore,
        handIn: @escaping (Snapshots.Snapshot, UInt64) -> Void
    ) {
        self.own = own
        self.post = post
        layout = own.plan.ranks
        self.bell = bell
        self.handIn = handIn
        living = Array(0..<layout.ranks)
    }

    /// Has all living crews carry out an order; the answers by rank, without those of ranks that are gone by then.
    @discardableResult
    func all(_ order: Order) throws -> [Int: Parcel<Answer>] {
        var numbers: [Int: UInt64] = [:]
        for rank in living where rank != 0 { numbers[rank] = send(Parcel(order), to: rank) }
        var found = [0: own.carryOut(Parcel(order))]
        for (rank, number) in numbers { found[rank] = try answer(number, of: rank) }
        // All are there before one may turn out to be a refusal.
        for (rank, answer) in found.sorted(by: { $0.key < $1.key }) { try check(answer, of: rank) }
        return found
    }

    /// Has the crew of a peer carry out an order; nil when its rank is gone.
    func one(with peer: Int, _ order: Parcel<Order>) throws -> Parcel<Answer>? {
        let rank = layout.rank(of: peer)
        guard living.contains(rank) else { return nil }
        let found = rank == 0 ? own.carryOut(order) : try answer(send(order, to: rank), of: rank)
        if let found { try check(found, of: rank) }
        return found
    }

    /// Looks at what has come unasked.
    func takeEvents() throws {
        guard let post else { return }
        while let (message, rank) = try post.take() { try take(message, from: rank) }
        while let rank = post.takeSilence() {
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

    private func send(_ order: Parcel<Order>, to rank: Int) -> UInt64 {
        number += 1
        post?.send(order.map { [number] in .order(number, $0) }, to: rank)
        return number
    }

    /// The answer of that number, waited for; nil when the rank is gone first.
    private func answer(_ number: UInt64, of rank: Int) throws -> Parcel<Answer>? {
        while true {
            try takeEvents()
            if let answer = answers.removeValue(forKey: number) { return answer }
            guard living.contains(rank) else { return nil }
            post?.mail.wait()
        }
    }

    private func take(_ message: Parcel<RankPost.Message>, from rank: Int) throws {
        guard living.contains(rank) else { return }
        switch message.head {
        case .answer(let number, let answer): answers[number] = message.map { _ in answer }
        case .event(.ring): break
        case .event(.snapshot(let peer, let samples, let step)):
            guard let model = message.payload else { throw RankError(rank, "peer \(peer) hands in no model") }
            handIn(Snapshots.Snapshot(peer: peer, model: model, samples: samples), step)
        case .introduction, .order, .dismissal:
            throw RankError(rank, "speaks out of turn; start all ranks with the same build")
        }
    }

    private func check(_ answer: Parcel<Answer>, of rank: Int) throws {
        switch answer.head {
        case .unfit(let peer, let reason): throw Crew.Unfit(peer: peer, reason: RankError(rank, reason))
        case .failed(let reason, let code): throw RankError(layout.ranks > 1 ? rank : nil, reason, code: code)
        case .done, .report, .saved, .model: break
        }
    }
}

/// What went wrong on a rank: one sentence that names it, where there are several.
package struct RankError: Error, CustomStringConvertible {
    package let description: String
    /// The exit code for it.
    package let code: Int32

    init(_ rank: Int?, _ reason: String, code: Int32 = 1) {
        self.code = code
        description = (rank.map { "rank \($0): " } ?? "") + reason
    }
}
