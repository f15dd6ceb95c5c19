import DequeModule
import Runtime
import Vectors
import Wire

/// All that a rank has under way in MPI. Used by one thread at a time.
///
/// A message is an envelope, behind which its payload goes in a stream of its own, from where the numbers lie to where
/// they belong. Envelopes keep their order, and so do the transfers of a stream: whatever is first in a queue here is
/// also over first.
struct Engine: Sendable {
    private let mpi: MPI
    private let backlog: Backlog
    private let pool = PayloadPool()
    private var ways: [Way]
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
    private var silences: [Int] = []

    /// So many envelopes are opened in one look.
    private static let longestLookEnvelopes = 32

    /// What is under way between this rank and another one.
    private struct Way {
        var leaving = Deque<MPI.Transfer>()
        var frames = Deque<Awaited<Frame>>()
        var letters = Deque<Awaited<Letter>>()
        var isSilent = false
        var isForgotten = false
        /// Whether the other ranks know that this one is gone.
        var isLossTold = false
        var hasHeardFarewell = false
    }

    /// Something that has come but for the rest of its transfers.
    private struct Awaited<Content: Sendable>: Sendable {
        let content: Content
        var transfers: Deque<MPI.Transfer>
        /// Where the bytes of a letter come to lie, and how many they are.
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
        ways = (0..<ranks).map { _ in Way() }
    }

    // MARK: Out

    mutating func begin(_ outgoing: Outgoing) {
        moves += 1
        switch outgoing {
        case .frame(let frame, let rank):
            let payload = frame.payload
            post(.frame(frame, payload: payload?.count), payload, .frames, to: rank)
        case .letter(let letter, let rank):
            let words = MPI.payload(of: letter.words, pool)
            let count = letter.words.count
            post(.letter(words: count, payload: letter.payload?.count), words, .words, byteCount: count, to: rank)
            if let payload = letter.payload { send(payload, payload.byteCount, .letters, to: rank) }
        case .beat(let rank): post(.beat, nil, .frames, to: rank)
        case .farewell(let rank): post(.farewell, nil, .frames, to: rank)
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
        guard !ways[rank].isForgotten else { return }
        attempt(with: rank) { engine throws(MPIError) in
            if let transfer = try engine.mpi.send(envelope: envelope.encoded, to: rank) {
                engine.keep(transfer, to: rank)
            }
        }
        if let payload { send(payload, byteCount ?? payload.byteCount, stream, to: rank) }
    }

    private mutating func send(_ payload: Payload, _ byteCount: Int, _ stream: MPI.Stream, to rank: Int) {
        guard !ways[rank].isForgotten else { return }
        attempt(with: rank) { engine throws(MPIError) in
            engine.keep(try engine.mpi.send(payload, byteCount: byteCount, to: rank, stream), to: rank)
        }
    }

    private mutating func keep(_ transfer: MPI.Transfer, to rank: Int) {
        ways[rank].leaving.append(transfer)
        backlog.add(transfer.byteCount, to: rank)
        count(transfer, 1)
    }

    // MARK: In

    /// Moves on what is under way, and hands over what has come.
    mutating func look(_ arrived: inout [Arrived], heard: (Int) -> Void) {
        defer {
            arrived += silences.map { .silence($0) }
            silences = []
        }
        // Not all: they may come faster than they are opened, and what leaves must not wait for ever.
        for _ in 0..<Self.longestLookEnvelopes {
            guard let from = receiveEnvelope() else { break }
            moves += 1
            heard(from)
            guard !ways[from].isForgotten else { continue }
            // What has left meanwhile gives its block to what comes: the fewer are in use, the better they stay cached.
            letLeave(from)
            open(from: from, &arrived)
        }
        guard transfersUnderWay > 0 else { return }
        for rank in ways.indices where !ways[rank].isForgotten { moveOn(rank, &arrived, heard: heard) }
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
        case .frame(let frame, let count):
            guard let count else {
                if ways[rank].frames.isEmpty { return arrived.append(.frame(frame, from: rank)) }
                return ways[rank].frames.append(Awaited(content: frame, transfers: []))
            }
            let payload = pool.awaited(count: count)
            let transfers = receive(payload, payload.byteCount, .frames, from: rank)
            guard !ways[rank].isForgotten else { return }
            ways[rank].frames.append(Awaited(content: frame.carrying(payload), transfers: transfers))
        case .letter(let count, let numbers):
            let words = pool.awaited(count: (count + 3) / 4)
            let payload = numbers.map { pool.awaited(count: $0) }
            var transfers = receive(words, count, .words, from: rank)
            if let payload { transfers += receive(payload, payload.byteCount, .letters, from: rank) }
            guard !ways[rank].isForgotten else { return }
            let letter = Letter(words: [], payload: payload)
            ways[rank].letters.append(Awaited(content: letter, transfers: transfers, words: (words, count)))
        case .beat: break
        case .farewell: ways[rank].hasHeardFarewell = true
        case .loss(let lost): if isOther(lost) { forget(lost) }
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
        while let first = ways[rank].leaving.first, isOver(first, with: rank) {
            ways[rank].leaving.removeFirst()
            backlog.leave(first.byteCount, to: rank)
        }
    }

    private mutating func moveOn(_ rank: Int, _ arrived: inout [Arrived], heard: (Int) -> Void) {
        letLeave(rank)
        while let first = ways[rank].frames.first {
            if let transfer = first.transfers.first {
                guard isOver(transfer, with: rank) else { break }
                heard(rank)
            }
            ways[rank].frames.removeFirst()
            arrived.append(.frame(first.content, from: rank))
        }
        while let first = ways[rank].letters.first {
            while let transfer = ways[rank].letters.first?.transfers.first, isOver(transfer, with: rank) {
                heard(rank)
                ways[rank].letters[0].transfers.removeFirst()
            }
            guard ways[rank].letters.first?.transfers.isEmpty == true else { break }
            ways[rank].letters.removeFirst()
            var letter = first.content
            if let (payload, count) = first.words { letter.words = MPI.words(of: payload, byteCount: count) }
            arrived.append(.letter(letter, from: rank))
        }
    }

    // MARK: Gone

    /// Does no more with that rank. What is under way is neither over nor called off, and stays where it is.
    mutating func forget(_ rank: Int) {
        guard !ways[rank].isForgotten else { return }
        ways[rank].isForgotten = true
        backlog.forget(rank)
        let transfers = transfers(with: rank)
        for transfer in transfers { count(transfer, -1) }
        abandoned += transfers
        ways[rank].leaving = []
        ways[rank].frames = []
        ways[rank].letters = []
        for sum in sums {
            count(sum.transfer, -1)
            abandoned.append(sum.transfer)
        }
        sums = []
    }

    /// Does no more with that rank, and has the others do the same, who do not all hear it: it is for rank 0 to say.
    mutating func lose(_ rank: Int) {
        forget(rank)
        guard mpi.rank == 0, !ways[rank].isLossTold else { return }
        ways[rank].isLossTold = true
        for other in ways.indices where isOther(other) { post(.loss(rank: rank), nil, .frames, to: other) }
    }

    /// Tells this rank, once, that nothing is heard of another one.
    mutating func nameSilent(_ rank: Int) {
        guard !ways[rank].isForgotten, !ways[rank].isSilent else { return }
        ways[rank].isSilent = true
        silences.append(rank)
    }

    /// While all take leave, nobody waits for who is gone, whether or not anybody acted on it; and without rank 0, who
    /// says which ranks those are, for nobody at all.
    mutating func leaveBehindTheGone() {
        for rank in ways.indices where ways[rank].isSilent || ways[rank].isForgotten { lose(rank) }
        guard mpi.rank != 0, ways[0].isForgotten else { return }
        for rank in ways.indices where isOther(rank) { forget(rank) }
    }

    private func isOther(_ rank: Int) -> Bool { ways.indices.contains(rank) && rank != mpi.rank }

    /// Bytes under way to and from one rank.
    func bytesUnderWay(with rank: Int) -> Int { transfers(with: rank).reduce(0) { $0 + $1.byteCount } }

    private func transfers(with rank: Int) -> [MPI.Transfer] {
        let way = ways[rank]
        return Array(way.leaving) + way.frames.flatMap(\.transfers) + way.letters.flatMap(\.transfers)
    }

    /// Whether that rank counts as gone.
    func isForgotten(_ rank: Int) -> Bool { ways[rank].isForgotten }

    var hasForgotten: Bool { ways.contains(where: \.isForgotten) }

    /// Whether all other ranks that live have taken their leave, and everything has left and come.
    func isDone(rank: Int) -> Bool {
        transfersUnderWay == 0
            && ways.indices.allSatisfy { $0 == rank || ways[$0].isForgotten || ways[$0].hasHeardFarewell }
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
    private mutating func attempt(with rank: Int?, _ body: (inout Engine) throws(MPIError) -> Void) {
        do throws(MPIError) {
            try body(&self)
        } catch {
            problem = error
            let others = (rank.map { [$0] } ?? Array(ways.indices)).filter { isOther($0) && !ways[$0].isForgotten }
            for other in others where mpi.rank == 0 || other == 0 { nameSilent(other) }
            for other in others { forget(other) }
            guard mpi.rank != 0 else { return }
            for other in others { post(.unreachable(rank: other), nil, .frames, to: 0) }
        }
    }
}
