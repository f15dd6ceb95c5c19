import CMPI
import Vectors

/// The functions of an MPI plug-in, and the one place that hands memory to MPI.
///
/// `@unchecked Sendable` holds because the table behind the pointer never changes; that its functions are called by one
/// thread at a time is the business of who holds the engine's lock.
struct MPI: @unchecked Sendable {
    private let table: UnsafePointer<murmur_mpi>

    /// A send, a receive or a sum under way. It keeps the memory that MPI reads or writes.
    ///
    /// `@unchecked Sendable` holds because only the plug-in looks behind the pointer.
    struct Transfer: @unchecked Sendable {
        fileprivate let handle: OpaquePointer
        fileprivate let payloads: [Payload]
        var byteCount: Int { payloads.last?.byteCount ?? 0 }
    }

    /// Kinds of bytes between two ranks, each in its own order.
    enum Stream: Int32 {
        case frames
        case words
        case controlMessages
    }

    init(_ plugIn: PlugIn) throws(MPIError) {
        var problem = [CChar](repeating: 0, count: 1024)
        guard let table = cmpi_open(plugIn.path, &problem, problem.count) else {
            throw MPIError(opening: plugIn.path, problem: Self.text(problem))
        }
        self.table = table
    }

    /// Functions that are not a plug-in's, which live as long as the process.
    init(_ table: UnsafePointer<murmur_mpi>) { self.table = table }

    /// "openmpi", "mpich" or "other".
    var flavour: String { String(cString: table.pointee.flavour) }

    /// What the library says of itself, such as "Open MPI v4.1.4"; its first words when it says more.
    var library: String {
        var text = [CChar](repeating: 0, count: 8192)
        table.pointee.library_version(&text, text.count)
        let line = Self.text(text).prefix { $0 != "\n" && $0 != "," }
        // "MPICH Version: 4.0.2" of one library.
        return line.split { $0 == "\t" || $0 == " " }.filter { $0 != "Version:" }.joined(separator: " ")
    }

    var rank: Int { Int(table.pointee.rank()) }
    var count: Int { Int(table.pointee.count()) }

    func begin(longestPieceBytes: Int) throws(MPIError) { try check(table.pointee.begin(longestPieceBytes)) }

    /// Sends an envelope; nil when it has left already.
    func send(envelope: [UInt8], to rank: Int) throws(MPIError) -> Transfer? {
        var handle: OpaquePointer?
        try check(table.pointee.send_envelope(envelope, Int32(rank), &handle))
        return handle.map { Transfer(handle: $0, payloads: []) }
    }

    /// Fills in the next envelope that has come and returns its sender; nil when there is none.
    func nextEnvelope(_ bytes: inout [UInt8]) throws(MPIError) -> Int? {
        var from: Int32 = -1
        return try check(table.pointee.next_envelope(&bytes, &from)) == 1 ? Int(from) : nil
    }

    /// Sends the first bytes of a payload from where they lie.
    func send(_ payload: Payload, byteCount: Int, to rank: Int, _ stream: Stream) throws(MPIError) -> Transfer {
        let bytes = UnsafeRawPointer(payload.bytes.baseAddress)
        return try transfer(table.pointee.send(bytes, byteCount, Int32(rank), stream.rawValue), [payload])
    }

    /// Receives that many bytes to where they belong, in a payload that nobody has seen yet.
    func receive(_ payload: Payload, byteCount: Int, from rank: Int, _ stream: Stream) throws(MPIError) -> Transfer {
        let bytes = payload.bytes.baseAddress
        return try transfer(table.pointee.receive(bytes, byteCount, Int32(rank), stream.rawValue), [payload])
    }

    /// Adds up the ranks' numbers into a payload that nobody has seen yet.
    func sum(_ payload: Payload, into sums: Payload) throws(MPIError) -> Transfer {
        let target = sums.bytes.baseAddress?.assumingMemoryBound(to: Float.self)
        let source = UnsafePointer(payload.bytes.baseAddress?.assumingMemoryBound(to: Float.self))
        return try transfer(table.pointee.sum(source, target, payload.count), [payload, sums])
    }

    /// Whether the transfer is over; asked no more once it is.
    func isOver(_ transfer: Transfer) throws(MPIError) -> Bool { try check(table.pointee.test(transfer.handle)) == 1 }

    func end() throws(MPIError) { try check(table.pointee.end()) }

    func abort(_ code: Int32) { table.pointee.abort(code) }

    /// Seconds of so many times there and back by plain MPI.
    func pingPong(_ payload: Payload, rounds: Int) -> Double {
        table.pointee.ping_pong(payload.bytes.baseAddress, payload.byteCount, Int32(rounds))
    }

    /// Bytes as the first ones of a payload, and back.
    static func payload(of words: [UInt8], _ pool: PayloadPool) -> Payload {
        let payload = pool.awaited(count: (words.count + 3) / 4)
        payload.bytes.copyBytes(from: words)
        return payload
    }

    static func words(of payload: Payload, byteCount: Int) -> [UInt8] { Array(payload.bytes.prefix(byteCount)) }

    // MARK: Errors

    private func transfer(_ handle: OpaquePointer?, _ payloads: [Payload]) throws(MPIError) -> Transfer {
        guard let handle else { throw failure }
        return Transfer(handle: handle, payloads: payloads)
    }

    @discardableResult private func check(_ code: Int32) throws(MPIError) -> Int32 {
        if code < 0 { throw failure }
        return code
    }

    private var failure: MPIError { .failed(table.pointee.error_text().map { String(cString: $0) } ?? "for no reason") }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
