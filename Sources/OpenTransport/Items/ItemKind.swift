/// What an item is, by the number that stands in front of it.
enum ItemKind: UInt8 {
    case hello = 1
    case refusal = 2
    case ping = 3
    case sync = 4
    case frame = 5
    case go = 6
    case chunk = 7
    case shutdown = 8
    case experiment = 9
    case dialBack = 10

    /// The least and the most bytes that may stand behind an item's header: longer ones are never taken in.
    var byteCounts: ClosedRange<Int> {
        switch self {
        case .hello: Hello.leastByteCount...Hello.mostByteCount
        case .refusal: 4...4 + RefusalNotice.mostSentenceBytes + RefusalNotice.mostCards * (2 + Item.mostRecordBytes)
        case .ping: 10...10 + Ping.mostRecords * (2 + Item.mostRecordBytes)
        case .sync: 2...Item.mostBodyBytes
        case .frame: FrameOpening.byteCount...FrameOpening.byteCount
        case .go: 0...0
        case .chunk: 1...Item.mostBodyBytes
        case .shutdown: 1...1
        case .experiment: 0...Item.mostBodyBytes
        case .dialBack: 3...DialBack.mostByteCount
        }
    }

    /// Whether it may come before the other side has greeted.
    var isGreeting: Bool { self == .hello || self == .refusal || self == .shutdown }
}
