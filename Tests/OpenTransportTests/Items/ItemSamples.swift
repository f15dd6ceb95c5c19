@testable import OpenTransport

extension Item {
    /// An item of every kind, at the ends of what it may hold.
    static var samples: [Item] {
        let record = [UInt8](repeating: 7, count: Item.mostRecordBytes)
        let session = SessionGreeting(number: 3, handled: .max, formerNumber: 2, formerHandled: 17)
        let hello = Hello(
            protocols: 1...2, experiment: 0x5a1b, parameterCount: 1_663_370, layout: 99, encodings: 3,
            incarnation: 5, session: session, digest: 1 << 63, time: 1_767_225_600, degree: 255, record: record)
        var small = hello
        (small.record, small.protocols) = ([], 0...UInt16.max)
        let frame = FrameOpening(encoding: .fp32, payloadByteCount: 6_653_480, header: Array(0..<64))
        let empty = FrameOpening(encoding: .none, payloadByteCount: 0, header: Array(0..<64))
        let contents: [Content] = [
            .hello(hello), .hello(small),
            .refusal(RefusalNotice(code: 7, sentence: String(repeating: "é", count: 256), cards: [])),
            .refusal(RefusalNotice(code: 255, sentence: "", cards: Array(repeating: record, count: 8))),
            .ping(Ping(degree: 6, digest: 8, records: [])),
            .ping(Ping(degree: 255, digest: .max, records: [[], record, [1]])),
            .sync(.digests, [UInt8](repeating: 2, count: 64)), .sync(.records, [UInt8](repeating: 1, count: 65_535)),
            .frame(frame), .frame(empty), .go, .chunk([0]), .chunk([UInt8](repeating: 9, count: 65_536)),
            .shutdown(.finished), .shutdown(.oneself), .experiment(""), .experiment("name: é\nseed: 1\n"),
            .dialBack(.asked(port: 7946)), .dialBack(.answered(isReached: true, address: Seed("[::1]:7946")!)),
            .dialBack(.answered(isReached: false, address: Seed("10.0.0.1:1")!)),
        ]
        return zip(contents, 0...).map { Item(number: UInt64($1) << 40, content: $0) }
    }
}
