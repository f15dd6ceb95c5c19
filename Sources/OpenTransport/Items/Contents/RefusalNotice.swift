/// Why a peer is not let in, as it is told; and others whom it may ask instead.
struct RefusalNotice: Sendable, Hashable {
    /// The number of a `Refusal`, or one that only a newer build knows.
    var code: UInt8
    /// For people: at most 512 bytes, without line ends and the like.
    var sentence: String
    /// Records of members that may have room.
    var cards: [[UInt8]]

    static let mostSentenceBytes = 512
    static let mostCards = 8

    func write(to writer: inout ByteWriter) {
        writer.put(code)
        writer.put(UInt8(cards.count))
        writer.putCounted(Array(sentence.utf8))
        for card in cards { writer.putCounted(card) }
    }
}

extension RefusalNotice {
    /// Nil where the bytes are no refusal.
    init?(from reader: inout ByteReader) {
        guard let code = reader.byte(), let count = reader.byte(), count <= Self.mostCards,
            let length = reader.word(UInt16.self), length <= Self.mostSentenceBytes,
            let bytes = reader.bytes(Int(length)), let sentence = String(validating: bytes, as: UTF8.self),
            // It is shown on a terminal.
            sentence.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }),
            let cards = reader.records(Int(count))
        else { return nil }
        self.init(code: code, sentence: sentence, cards: cards)
    }
}
