import Foundation
import Records
import TestKit
import Testing

@testable import Reports

@Suite struct TensorBoardExportTests {
    /// The published checks of the sum (RFC 3720, B.4), and of the digits.
    @Test func theChecksumIsCastagnolis() {
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    }

    /// The bytes of the specification's own example: field 1 is 150; and a step below 0 takes ten.
    @Test func numbersAreWrittenSevenBitsAByte() {
        var message = ProtobufMessage()
        message.add(1, integer: 150)
        #expect(message.bytes == [0x08, 0x96, 0x01])
        var negative = ProtobufMessage()
        negative.add(2, integer: -1)
        #expect(negative.bytes.count == 11)
        var text = ProtobufMessage()
        text.add(2, text: "testing")
        #expect(text.bytes == [0x12, 0x07] + Array("testing".utf8))
    }

    /// Nine bytes hold a double's field, and the floats of a summary lie two messages deep.
    @Test func eventsComeBack() throws {
        let events = [
            EventFile.Event(wallTime: 1.5, step: 3, tag: "loss/test", value: 0.25),
            EventFile.Event(wallTime: 2, step: 1 << 40, tag: "ä", value: -1e30),
        ]
        let read = try EventReader(EventFile(events, begun: 1).bytes)
        #expect(read.version == "brain.Event:2")
        #expect(read.events == events)
    }

    @Test func everyPeerHasAFolderAndTheConsensusModelOne() throws {
        let export = TensorBoardExport(run: try TestRun.read())
        #expect(export.files.map(\.folder) == ["consensus", "peer-000", "peer-001"])
        // 2026-01-01 12:00:00 in UTC.
        #expect(export.fileName == "events.out.tfevents.1767268800.murmur")
        let consensus = try EventReader(export.files[0].file.bytes).events
        #expect(
            consensus.map(\.tag).sorted() == [
                "accuracy/test", "accuracy/test", "bytes_sent", "bytes_sent", "consensus_distance",
                "consensus_distance",
                "loss/test", "loss/test", "messages_sent", "messages_sent",
            ])
        #expect(consensus.first == EventFile.Event(wallTime: 1_767_268_802, step: 5, tag: "accuracy/test", value: 0.7))
        let peer = try EventReader(export.files[2].file.bytes).events
        #expect(peer.contains(EventFile.Event(wallTime: 1_767_268_801.5, step: 5, tag: "learning_rate", value: 0.125)))
        // The loss that is no number is left out.
        #expect(peer.filter { $0.tag == "loss/test" }.map(\.step) == [5])
    }

    /// What no float holds is left out.
    @Test func numbersHaveAnEnd() throws {
        let lines = TestRun.metrics.replacing("\"loss\":0.9", with: "\"loss\":1e300")
            .replacing("\"distance\":0.125", with: "\"distance\":null")
        let export = TensorBoardExport(run: try TestRun.read(["metrics.jsonl": lines]))
        let events = try EventReader(export.files[0].file.bytes).events
        #expect(events.filter { $0.tag == "loss/test" }.map(\.value) == [0.5])
        #expect(events.filter { $0.tag == "consensus_distance" }.map(\.step) == [10])
    }

    @Test func withoutAnEnvironmentTimeBeginsAtNothing() throws {
        let export = TensorBoardExport(run: try TestRun.read(["environment.json": nil]))
        #expect(export.fileName == "events.out.tfevents.0000000000.murmur")
        for wrong in ["", "2026", "20260101-12000x", "20260101-1200000"] {
            #expect(TensorBoardExport.seconds(wrong) == nil, "\(wrong)")
        }
        #expect(TensorBoardExport.seconds("19700101-000001") == 1)
        #expect(TensorBoardExport.seconds("20240229-235959") == 1_709_251_199)
    }
}

/// Reads back what is written, by the same pages and none of the same code.
private struct EventReader {
    private(set) var version = ""
    private(set) var events: [EventFile.Event] = []

    private struct Damaged: Error {}

    init(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Array(try Self.take(8, of: &rest))
            guard try Self.number(Self.take(4, of: &rest)) == UInt64(CRC32C.masked(length)) else { throw Damaged() }
            let content = Array(try Self.take(Int(Self.number(length[...])), of: &rest))
            guard try Self.number(Self.take(4, of: &rest)) == UInt64(CRC32C.masked(content)) else { throw Damaged() }
            try read(content)
        }
    }

    private mutating func read(_ message: [UInt8]) throws {
        var event = EventFile.Event(wallTime: 0, step: 0, tag: "", value: 0)
        for (field, value) in try Self.fields(message[...]) {
            switch field {
            case 1: event.wallTime = Double(bitPattern: Self.number(value))
            case 2: event.step = Int(bitPattern: UInt(Self.number(value)))
            case 3: version = String(decoding: value, as: UTF8.self)
            case 5:
                for (field, entry) in try Self.fields(value) where field == 1 {
                    for (field, value) in try Self.fields(entry) {
                        if field == 1 { event.tag = String(decoding: value, as: UTF8.self) }
                        if field == 2 { event.value = Float(bitPattern: UInt32(Self.number(value))) }
                    }
                }
            default: throw Damaged()
            }
        }
        if !event.tag.isEmpty { events.append(event) }
    }

    /// The fields of a message, whole numbers as eight bytes.
    private static func fields(_ message: ArraySlice<UInt8>) throws -> [(field: Int, value: ArraySlice<UInt8>)] {
        var rest = message
        var fields: [(Int, ArraySlice<UInt8>)] = []
        while !rest.isEmpty {
            let key = try varint(&rest)
            let value: ArraySlice<UInt8>
            switch key & 7 {
            case 0:
                let number = try varint(&rest)
                value = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }[...]
            case 1: value = try take(8, of: &rest)
            case 2: value = try take(Int(varint(&rest)), of: &rest)
            case 5: value = try take(4, of: &rest)
            default: throw Damaged()
            }
            fields.append((Int(key >> 3), value))
        }
        return fields
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while true {
            guard let byte = rest.popFirst() else { throw Damaged() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    private static func take(_ count: Int, of rest: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        guard rest.count >= count else { throw Damaged() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
