import Randomness
import Testing

@testable import OpenTransport

@Suite struct ItemReaderTests {
    /// All items of the bytes, which come in pieces; the error that ends them.
    private func read(
        _ bytes: [UInt8], pieces: Int = .max, hasGreeted: Bool = true
    ) -> (items: [Item], error: ItemError?) {
        var reader = ItemReader(hasGreeted: hasGreeted)
        var items: [Item] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var piece = rest.prefix(pieces)
            rest = rest.dropFirst(pieces)
            do throws(ItemError) {
                while let item = try reader.next(from: &piece) { items.append(item) }
            } catch {
                return (items, error)
            }
            #expect(piece.isEmpty && reader.heldByteCount <= 65_536)
        }
        return (items, nil)
    }

    @Test func itemsAreReadAsTheyWereWritten() {
        let items = Item.samples
        let bytes = items.flatMap(\.encoded)
        for pieces in [Int.max, 1, 7, 16, 17, 4096, 65_537] {
            let found = read(bytes, pieces: pieces)
            #expect(found.items == items && found.error == nil, "in pieces of \(pieces)")
        }
    }

    @Test func nothingIsTakenInBeforeAGreetingButGreetings() {
        for item in Item.samples {
            let found = read(item.encoded, hasGreeted: false)
            switch item.content {
            case .hello, .refusal, .shutdown: #expect(found.items == [item])
            default: #expect(found.error == .ungreeted(kind: item.encoded[0]) && found.items == [])
            }
        }
    }

    /// Whatever the link has come to meanwhile.
    @Test func behindAGreetingEverythingIsTakenIn() throws {
        let greeting = try #require(Item.samples.first { if case .hello = $0.content { true } else { false } })
        for item in Item.samples {
            let found = read(greeting.encoded + item.encoded, hasGreeted: false)
            #expect(found.items == [greeting, item] && found.error == nil)
        }
    }

    @Test func aLengthThatMayNotBeIsRefusedAtTheHeader() {
        for item in Item.samples {
            let header = Array(item.encoded.prefix(16))
            for count: UInt32 in [65_537, .max, 1 << 31] {
                var changed = header
                for place in 0..<4 { changed[4 + place] = UInt8(truncatingIfNeeded: count >> (8 * place)) }
                #expect(read(changed).error == .length(kind: header[0], byteCount: count))
            }
        }
        // A greeting of 5 KiB.
        #expect(
            read([1, 0, 0, 0, 0, 20, 0, 0] + [UInt8](repeating: 0, count: 8)).error == .length(kind: 1, byteCount: 5120)
        )
    }

    /// A part of a payload may be taken past the reader, once its header is read and as much at a time as comes.
    @Test func aPartOfAPayloadMayGoElsewhere() throws {
        var reader = ItemReader(hasGreeted: true)
        let chunk = Item(number: 3, content: .chunk([1, 2, 3, 4, 5])).encoded
        let go = Item(number: 4, content: .go)
        var bytes = chunk[..<7]
        #expect(try reader.next(from: &bytes) == nil)
        #expect(reader.missingByteCount == 9 && reader.chunk == nil)
        bytes = chunk[7..<16]
        #expect(try reader.next(from: &bytes) == nil)
        for (rest, count) in [(5, 2), (3, 3)] {
            let part = try #require(reader.chunk)
            #expect(part.frame == 3 && part.byteCount == rest && reader.missingByteCount == rest)
            reader.skip(count)
        }
        #expect(reader.chunk == nil && reader.missingByteCount == 16)
        bytes = go.encoded[...]
        #expect(try reader.next(from: &bytes) == go)
        // One that the reader has begun to hold stays with it.
        bytes = chunk[..<18]
        #expect(try reader.next(from: &bytes) == nil)
        #expect(reader.chunk == nil && reader.missingByteCount == 3)
    }

    @Test func headersOfNoKindAreRefused() {
        let rest = [UInt8](repeating: 0, count: 15)
        for kind: UInt8 in [0, 11, 255] { #expect(read([kind] + rest).error == .kind(kind)) }
        for place in 1...3 {
            var header = [6] + rest
            header[place] = 1
            #expect(read(header).error == .header)
        }
        #expect(read([6] + rest).items == [Item(number: 0, content: .go)])
    }

    /// Anybody's bytes: items or one error, and what was read is written as it came.
    @Test func changedBytesAreReadOrRefused() {
        var random = RandomStream(seed: 1, purpose: .test)
        let samples = Item.samples.map(\.encoded)
        var readCount = 0
        for _ in 0..<20_000 {
            var bytes = samples[random.integer(below: samples.count)]
            for _ in 0..<(1 + random.integer(below: 3)) {
                bytes[random.integer(below: min(bytes.count, 120))] = UInt8(random.integer(below: 256))
            }
            let found = read(bytes)
            if let first = found.items.first {
                readCount += 1
                #expect(first.encoded == Array(bytes.prefix(first.encoded.count)))
            }
        }
        #expect(readCount > 1000)
    }

    @Test func textsForTerminalsHoldNoControls() throws {
        var notice = RefusalNotice(code: 1, sentence: "a\u{1B}[2Jb", cards: [])
        #expect(read(Item(number: 0, content: .refusal(notice)).encoded).error == .body(kind: 2))
        notice.sentence = "a b"
        #expect(read(Item(number: 0, content: .refusal(notice)).encoded).error == nil)
    }
}
