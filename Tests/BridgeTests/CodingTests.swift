import Testing

@testable import Bridge

/// Values to bytes and back, and what bytes may be.
@Suite struct CodingTests {
    private indirect enum Shape: Codable, Hashable {
        case point
        case circle(radius: Double)
        case pair(Shape, Shape)
    }

    private struct Everything: Codable, Hashable {
        var flag = true
        var small: Int8 = -7
        var large = UInt64.max
        var least = Int64.min
        var number = -0.1
        var single: Float = 0x1.fffffep-3
        var text = "φ, \"\\\n"
        var nothing: Int?
        var list: [[Int]] = [[], [1, 2]]
        var byName = ["a": 1.5, "b": .infinity]
        var byNumber: [Int: String] = [3: "x", -1: "y"]
        var byWord: [UInt64: Int] = [9: 1, 7: 2]
        var shape = Shape.pair(.circle(radius: 2), .point)
    }

    @Test func valuesComeBack() throws {
        let value = Everything()
        let bytes = try CodedEncoder.tree(value).bytes
        var reader = StateReader(bytes)
        let back = try CodedDecoder.value(Everything.self, CodedValue(reading: &reader))
        #expect(back == value)
        #expect(reader.isAtEnd)
    }

    @Test func bytesThatAreNoneAreRefused() throws {
        let bytes = try CodedEncoder.tree(Everything()).bytes
        for length in 0..<bytes.count {
            var reader = StateReader(Array(bytes[..<length]))
            #expect(throws: BridgeError.self) { try CodedValue(reading: &reader) }
        }
        // A list that claims more than there is.
        var reader = StateReader([7, 255, 255, 255, 255])
        #expect(throws: BridgeError.self) { try CodedValue(reading: &reader) }
    }
}
