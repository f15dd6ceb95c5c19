import Testing

@testable import OpenTransport

@Suite struct ByteReaderTests {
    @Test func whatWasWrittenIsRead() {
        var writer = ByteWriter()
        writer.put(UInt16(0x0102))
        writer.put(UInt64.max - 1)
        writer.putCounted([1, 2, 3])
        #expect(writer.bytes.prefix(2) == [2, 1])
        var reader = ByteReader(writer.bytes[...])
        #expect(reader.word(UInt16.self) == 0x0102 && reader.word(UInt64.self) == .max - 1)
        #expect(reader.record() == [1, 2, 3] && reader.isAtEnd)
    }

    @Test func nothingIsReadBehindTheEnd() {
        var reader = ByteReader([1, 2, 3])
        #expect(reader.word(UInt32.self) == nil && reader.bytes(4) == nil && reader.count == 3)
        #expect(reader.record() == nil)
        var empty = ByteReader([])
        #expect(empty.byte() == nil && empty.bytes(0) == [] && empty.records(0) == [])
    }
}
