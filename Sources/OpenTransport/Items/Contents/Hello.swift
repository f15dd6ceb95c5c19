/// How a link opens: what each side speaks, trains and knows of the other.
struct Hello: Sendable, Hashable {
    /// The oldest and the newest protocol that the sender speaks.
    var protocols: ClosedRange<UInt16>
    /// The fingerprint of all settings that must be the same.
    var experiment: UInt64
    /// How many parameters the model has, and the fingerprint of how they lie.
    var parameterCount: UInt64
    var layout: UInt64
    /// A bit for each payload encoding that the sender reads, see `PayloadEncoding`.
    var encodings: UInt32
    /// Grows with every start of the sender.
    var incarnation: UInt64
    var session: SessionGreeting
    /// The digest of all members that the sender knows.
    var digest: UInt64
    /// The sender's clock, in seconds since 1970.
    var time: UInt64
    /// How many links the sender has, at most 255.
    var degree: UInt8
    /// The sender's own record, with its card.
    var record: [UInt8]

    static let mostByteCount = 4096
    static let leastByteCount = 94

    func write(to writer: inout ByteWriter) {
        writer.put(protocols.lowerBound)
        writer.put(protocols.upperBound)
        writer.put(encodings)
        for word in [experiment, parameterCount, layout, incarnation] { writer.put(word) }
        for word in [session.number, session.handled, session.formerNumber, session.formerHandled] { writer.put(word) }
        for word in [digest, time] { writer.put(word) }
        writer.put([degree, 0, 0, 0])
        writer.putCounted(record)
    }
}

extension Hello {
    /// Nil where the bytes are no greeting.
    init?(from reader: inout ByteReader) {
        guard let lowest = reader.word(UInt16.self), let highest = reader.word(UInt16.self), lowest <= highest,
            let encodings = reader.word(UInt32.self), let experiment = reader.word(UInt64.self),
            let parameterCount = reader.word(UInt64.self), let layout = reader.word(UInt64.self),
            let incarnation = reader.word(UInt64.self), let number = reader.word(UInt64.self),
            let handled = reader.word(UInt64.self), let formerNumber = reader.word(UInt64.self),
            let formerHandled = reader.word(UInt64.self), let digest = reader.word(UInt64.self),
            let time = reader.word(UInt64.self), let degree = reader.byte(),
            reader.bytes(3)?.allSatisfy({ $0 == 0 }) == true, let record = reader.record()
        else { return nil }
        self.init(
            protocols: lowest...highest, experiment: experiment, parameterCount: parameterCount, layout: layout,
            encodings: encodings, incarnation: incarnation,
            session: SessionGreeting(
                number: number, handled: handled, formerNumber: formerNumber, formerHandled: formerHandled),
            digest: digest, time: time, degree: degree, record: record)
    }
}

extension ByteReader {
    /// A record behind its length; nil where it is longer than one may be.
    mutating func record() -> [UInt8]? {
        guard let count = word(UInt16.self), count <= Item.mostRecordBytes, let bytes = bytes(Int(count)) else {
            return nil
        }
        return Array(bytes)
    }

    /// So many records, and nothing behind them.
    mutating func records(_ count: Int) -> [[UInt8]]? {
        var records: [[UInt8]] = []
        for _ in 0..<count {
            guard let record = record() else { return nil }
            records.append(record)
        }
        return isAtEnd ? records : nil
    }
}
