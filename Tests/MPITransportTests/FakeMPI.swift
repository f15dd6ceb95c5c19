import CMPI
import Runtime
import Synchronization
import Wire

@testable import MPITransport

/// A plug-in without ranks behind it: envelopes come when a test says so, messages leave at once or fail, and what
/// takes a transfer is over when a test says so. There is one, since C's functions carry nothing with them.
enum FakeMPI {
    struct State {
        var rank: Int32 = 0
        var count: Int32 = 0
        /// What comes next, and from whom.
        var coming: [(envelope: Envelope, from: Int32)] = []
        /// What has left, as `loss(rank: 2) to 1`.
        var sent: [String] = []
        /// Nothing leaves for these.
        var unreachable: Set<Int32> = []
        /// Whether no envelope can be received, and how often that was tried.
        var isDeaf = false
        var looks = 0
        /// Whether all transfers are over.
        var areOver = false
    }

    static let state = Mutex(State())

    /// An engine on that rank of so many.
    static func engine(rank: Int, of count: Int, backlog: Backlog? = nil) -> ProgressEngine {
        state.withLock { $0 = State(rank: Int32(rank), count: Int32(count)) }
        var table = murmur_mpi()
        table.rank = { FakeMPI.state.withLock { $0.rank } }
        table.count = { FakeMPI.state.withLock { $0.count } }
        table.error_text = { nil }
        table.send_envelope = { bytes, rank, transfer in
            transfer?.pointee = nil
            guard let bytes else { return -1 }
            let envelope = Array(UnsafeRawBufferPointer(start: bytes, count: Envelope.byteCount))
            return FakeMPI.state.withLock { state in
                guard !state.unreachable.contains(rank), let sent = try? Envelope(encoded: envelope) else { return -1 }
                state.sent.append("\(sent) to \(rank)")
                return 0
            }
        }
        table.next_envelope = { bytes, from in
            FakeMPI.state.withLock { state in
                state.looks += 1
                guard !state.isDeaf else { return -1 }
                guard !state.coming.isEmpty else { return 0 }
                let next = state.coming.removeFirst()
                bytes?.copyMemory(from: next.envelope.encoded, byteCount: Envelope.byteCount)
                from?.pointee = next.from
                return 1
            }
        }
        table.send = { _, _, _, _ in OpaquePointer(bitPattern: 8) }
        table.receive = { _, _, _, _ in OpaquePointer(bitPattern: 8) }
        table.sum = { _, _, _ in OpaquePointer(bitPattern: 8) }
        table.test = { _ in FakeMPI.state.withLock { $0.areOver ? 1 : 0 } }
        let kept = UnsafeMutablePointer<murmur_mpi>.allocate(capacity: 1)
        kept.initialize(to: table)
        return ProgressEngine(
            MPI(UnsafePointer(kept)), ranks: count, backlog: backlog ?? Backlog(ranks: count, limitBytes: 1))
    }

    static func come(_ envelope: Envelope, from rank: Int32) { state.withLock { $0.coming.append((envelope, rank)) } }

    static var sent: [String] { state.withLock { $0.sent } }
}
