/// A sign of life with news of some members.
struct Ping: Sendable, Hashable {
    /// How many links the sender has, at most 255.
    var degree: UInt8
    /// The digest of all members that the sender knows.
    var digest: UInt64
    /// At most eight.
    var records: [[UInt8]]

    static let mostRecords = 8

    func write(to writer: inout ByteWriter) {
        writer.put(UInt8(records.count))
        writer.put(degree)
        writer.put(digest)
        for record in records { writer.putCounted(record) }
    }
}

extension Ping {
    /// Nil where the bytes are no ping.
    init?(from reader: inout ByteReader) {
        guard let count = reader.byte(), count <= Self.mostRecords, let degree = reader.byte(),
            let digest = reader.word(UInt64.self), let records = reader.records(Int(count))
        else { return nil }
        self.init(degree: degree, digest: digest, records: records)
    }
}
