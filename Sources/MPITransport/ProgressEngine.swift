import DequeModule
import Runtime
import Vectors
import Wire

/// All that a rank has under way in MPI. Used by one thread at a time.
///
/// A message is an envelope, behind which its payload goes in a stream of its own, from where the numbers lie to where
/// they belong. Envelopes keep their order, and so do the transfers of a stream: whatever is first in a queue here is
/// also over first.
struct ProgressEngine: Sendable {
    private let mpi: MPI
    private let backlog: Backlog
    private let pool = PayloadPool()
    private var links: [Link]
    private var sums = Deque<Sum>()
    private var envelope = [UInt8](repeating: 0, count: Envelope.byteCount)
    /// Transfers to and from ranks that are gone, and sums in which they have a part: never over, and their memory may
    /// still be written.
    private var abandoned: [MPI.Transfer] = []
    /// Bytes of all transfers under way, and how many there are.
    private(set) var bytesUnderWay = 0
    private(set) var transfersUnderWay = 0
    /// Goes up with everything that moves.
    private(set) var moves: UInt64 = 0
    /// What the library complained about last.
    private(set) var problem: MPIError?
    /// Whether the library does not even tell any more what has come.
    private var isDeaf = false
    /// Ranks that are silent, not yet told.
    private var timeouts: [Int] = []

    /// So many envelopes are opened in one look.
    private static let longestLookEnvelopes = 32

    /// What is under way between this rank and another one.
    private struct Link {
        var leaving = Deque<MPI.Transfer>()
        var frames = Deque<Awaited<Frame>>()
        var controlMessages = Deque<Awaited<ControlMessage>>()
        var isSilent = false
        var isForgotten = false
        /// Whether the other ranks know that this one is gone.
        var isLossTold = false
        var hasHeardShutdown = false
    }

    /// Something that has come but for the rest of its transfers.
    private struct Awaited<Content: Sendable>: Sendable {
        let content: Content
        var transfers: Deque<MPI.Transfer>
        /// Where the bytes of a control message come to lie, and how many they are.
        var words: (payload: Payload, count: Int)?
    }

    private struct Sum {
        let sums: Payload
        let transfer: MPI.Transfer
        let receive: @Sendable (Payload) -> Void
    }

    init(_ mpi: MPI, ranks: Int, backlog: Backlog) {
        self.mpi = mpi
        self.backlog = backlog
        links = (0..<ranks).map { _ in Link() }
    }

    // MARK: Out

    mutating func begin(_ outgoing: Outgoing) {
        moves += 1
        switch outgoing {
        case .frame(let frame, let rank):
            let payload = frame.payload
            let envelope = Envelope.frame(frame, payload: payload?.count, isPacked: payload?.isPacked == true)
            post(envelope, payload, .frames, to: rank)
        case .controlMessage(let controlMessage, let rank):
            let words = MPI.payload(of: controlMessage.words, pool)
            let count = controlMessage.words.count
            post(
                .controlMessage(words: count, payload: controlMessage.payload?.count), words, .words, byteCount: count,
                to: rank)
            if let payload = controlMessage.payload { send(payload, payload.byteCount, .controlMessages, to: rank) }
        case .heartbeat(let rank): post(.heartbeat, nil, .frames, to: rank)
        case .shutdown(let rank): post(.shutdown, nil, .frames, to: rank)
        case .sum(let payload, let receive):
            // Somebody's part would never come.
            guard !hasForgotten else { return }
            let sums = pool.awaited(count: payload.count)
            attempt(with: nil) { engine throws(MPIError) in
                let transfer = try engine.mpi.sum(payload, into: sums)
                engine.sums.append(Sum(sums: sums, transfer: transfer, receive: receive))
                engine.count(transfer, 1)
            }
        }
    }

    private mutating func post(
        _ envelope: Envelope, _ payload: Payload?, _ stream: MPI.Stream, byteCount: Int? = nil, to rank: Int
    ) {
        guard !links[rank].isForgotten else { return }
        attempt(with: rank) { engine throws(MPIError) in
            if let transfer = try engine.mpi.send(envelope: envelope.encoded, to: rank) {
                engine.keep(transfer, to: rank)
            }
        }
        if let payload { send(payload, byteCount ?? payload.byteCount, stream, to: rank) }
    }

    private mutating func send(_ payload: Payload, _ byteCount: Int, _ stream: MPI.Stream, to rank: Int) {
        guard !links[rank].isForgotten else { return }
        attempt(with: rank) { engine throws(MPIError) in
            engine.keep(try engine.mpi.send(payload, byteCount: byteCount, to: rank, stream), to: rank)
        }
    }

    private mutating func keep(_ transfer: MPI.Transfer, to rank: Int) {
        links[rank].leaving.append(transfer)
        backlog.add(transfer.byteCount, to: rank)
        count(transfer, 1)
    }

    // MARK: In

    /// Moves on what is under way, and hands over what has come.
    mutating func look(_ arrived: inout [Arrived], heard: (Int) -> Void) {
        defer {
            arrived += timeouts.map { .timeout($0) }
            timeouts = []
        }
        // Not all: they may come faster than they are opened, and what leaves must not wait forever.
        for _ in 0..<Self.longestLookEnvelopes {
            guard let from = receiveEnvelope() else { break }
            moves += 1
            heard(from)
            guard !links[from].isForgotten else { continue }
            // What has left meanwhile gives its block to what comes: the fewer are in use, the better they stay cached.
            letLeave(from)
            open(from: from, &arrived)
        }
        guard transfersUnderWay > 0 else { return }
        for rank in links.indices where !links[rank].isForgotten { moveOn(rank, &arrived, heard: heard) }
        while let first = sums.first, isOver(first.transfer, with: nil) {
            sums.removeFirst()
            arrived.append(.sum(first.sums, first.receive))
        }
    }

    private mutating func receiveEnvelope() -> Int? {
        guard !isDeaf else { return nil }
        var from: Int?
        isDeaf = true
        attempt(with: nil) { engine throws(MPIError) in
            from = try engine.mpi.nextEnvelope(&engine.envelope)
            engine.isDeaf = false
        }
        return from
    }

    private mutating func open(from rank: Int, _ arrived: inout [Arrived]) {
        let opened: Envelope
        do throws(WireError) {
            opened = try Envelope(encoded: envelope)
        } catch {
            problem = .failed("rank \(rank) sent what is no envelope: \(error)")
            return
        }
        switch opened {
        case .frame(let frame, let count, let isPacked):
            guard let count else {
                if links[rank].frames.isEmpty { return arrived.append(.frame(frame, from: rank)) }
                return links[rank].frames.append(Awaited(content: frame, transfers: []))
            }
            let payload = pool.awaited(count: count, isPacked: isPacked)
            let transfers = receive(payload, payload.byteCount, .frames, from: rank)
            guard !links[rank].isForgotten else { return }
            links[rank].frames.append(Awaited(content: frame.carrying(payload), transfers: transfers))
        case .controlMessage(let count, let numbers):
            let words = pool.awaited(count: (count + 3) / 4)
            let payload = numbers.map { pool.awaited(count: $0) }
            var transfers = receive(words, count, .words, from: rank)
            if let payload { transfers += receive(payload, payload.byteCount, .controlMessages, from: rank) }
            guard !links[rank].isForgotten else { return }
            let controlMessage = ControlMessage(words: [], payload: payload)
            links[rank].controlMessages.append(
                Awaited(content: controlMessage, transfers: transfers, words: (words, count)))
        case .heartbeat: break
        case .shutdown: links[rank].hasHeardShutdown = true
        case .loss(let lost):
            guard isOther(lost) else { return }
            nameSilent(lost)
            forget(lost)
        case .unreachable(let other): if mpi.rank == 0, isOther(other) { nameSilent(other) }
        }
    }

    private mutating func receive(
        _ payload: Payload, _ byteCount: Int, _ stream: MPI.Stream, from rank: Int
    ) -> Deque<MPI.Transfer> {
        var transfers = Deque<MPI.Transfer>()
        attempt(with: rank) { engine throws(MPIError) in
            let transfer = try engine.mpi.receive(payload, byteCount: byteCount, from: rank, stream)
            engine.count(transfer, 1)
            transfers.append(transfer)
        }
        return transfers
    }

    private mutating func letLeave(_ rank: Int) {
        while let first = links[rank].leaving.first, isOver(first, with: rank) {
            links[rank].leaving.removeFirst()
            backlog.leave(first.byteCount, to: rank)
        }
    }

    private mutating func moveOn(_ rank: Int, _ arrived: inout [Arrived], heard: (Int) -> Void) {
        letLeave(rank)
        while let first = links[rank].frames.first {
            if let transfer = first.transfers.first {
                guard isOver(transfer, with: rank) else { break }
                heard(rank)
            }
            links[rank].frames.removeFirst()
            arrived.append(.frame(first.content, from: rank))
        }
        while let first = links[rank].controlMessages.first {
            while let transfer = links[rank].controlMessages.first?.transfers.first, isOver(transfer, with: rank) {
                heard(rank)
                links[rank].controlMessages[0].transfers.removeFirst()
            }
            guard links[rank].controlMessages.first?.transfers.isEmpty == true else { break }
            links[rank].controlMessages.removeFirst()
            var controlMessage = first.content
            if let (payload, count) = first.words { controlMessage.words = MPI.words(of: payload, byteCount: count) }
            arrived.append(.controlMessage(controlMessage, from: rank))
        }
    }

    // MARK: Gone

    /// Does no more with that rank. What is under way is neither over nor called off, and stays where it is.
    mutating func forget(_ rank: Int) {
        guard !links[rank].isForgotten else { return }
        links[rank].isForgotten = true
        backlog.forget(rank)
        let transfers = transfers(with: rank)
        for transfer in transfers { count(transfer, -1) }
        abandoned += transfers
        links[rank].leaving = []
        links[rank].frames = []
        links[rank].controlMessages = []
        for sum in sums {
            count(sum.transfer, -1)
            abandoned.append(sum.transfer)
        }
        sums = []
    }

    /// Does no more with that rank, and has the others do the same, who do not all hear it: it is for rank 0 to say.
    mutating func lose(_ rank: Int) {
        forget(rank)
        guard mpi.rank == 0, !links[rank].isLossTold else { return }
        links[rank].isLossTold = true
        for other in links.indices where isOther(other) { post(.loss(rank: rank), nil, .frames, to: other) }
    }

    /// Tells this rank, once, that nothing is heard of another one.
    mutating func nameSilent(_ rank: Int) {
        guard !links[rank].isForgotten, !links[rank].isSilent else { return }
        links[rank].isSilent = true
        timeouts.append(rank)
    }

    /// While all take leave, nobody waits for who is gone, whether or not anybody acted on it; and without rank 0, who
    /// says which ranks those are, for nobody at all.
    mutating func leaveBehindTheGone() {
        for rank in links.indices where links[rank].isSilent || links[rank].isForgotten { lose(rank) }
        guard mpi.rank != 0, links[0].isForgotten else { return }
        for rank in links.indices where isOther(rank) { forget(rank) }
    }

    private func isOther(_ rank: Int) -> Bool { links.indices.contains(rank) && rank != mpi.rank }

    /// Bytes under way to and from one rank.
    func bytesUnderWay(with rank: Int) -> Int { transfers(with: rank).reduce(0) { $0 + $1.byteCount } }

    private func transfers(with rank: Int) -> [MPI.Transfer] {
        let link = links[rank]
        return Array(link.leaving) + link.frames.flatMap(\.transfers) + link.controlMessages.flatMap(\.transfers)
    }

    /// Whether that rank counts as gone.
    func isForgotten(_ rank: Int) -> Bool { links[rank].isForgotten }

    var hasForgotten: Bool { links.contains(where: \.isForgotten) }

    /// Whether all other ranks that live have taken their leave, and everything has left and come.
    func isDone(rank: Int) -> Bool {
        transfersUnderWay == 0
            && links.indices.allSatisfy { $0 == rank || links[$0].isForgotten || links[$0].hasHeardShutdown }
    }

    // MARK: Errors

    private mutating func isOver(_ transfer: MPI.Transfer, with rank: Int?) -> Bool {
        var isOver = false
        attempt(with: rank) { engine throws(MPIError) in isOver = try engine.mpi.isOver(transfer) }
        guard isOver else { return false }
        moves += 1
        count(transfer, -1)
        return true
    }

    private mutating func count(_ transfer: MPI.Transfer, _ sign: Int) {
        transfersUnderWay += sign
        bytesUnderWay += sign * transfer.byteCount
    }

    /// Does something that MPI may refuse. Then the other rank counts as gone; where all take part, all do. Who leads
    /// hears of it: rank 0 here, or elsewhere by an envelope.
    private mutating func attempt(with rank: Int?, _ body: (inout ProgressEngine) throws(MPIError) -> Void) {
        do throws(MPIError) {
            try body(&self)
        } catch {
            problem = error
            let others = (rank.map { [$0] } ?? Array(links.indices)).filter { isOther($0) && !links[$0].isForgotten }
            for other in others where mpi.rank == 0 || other == 0 { nameSilent(other) }
            for other in others { forget(other) }
            guard mpi.rank != 0 else { return }
            for other in others { post(.unreachable(rank: other), nil, .frames, to: 0) }
        }
    }
}
