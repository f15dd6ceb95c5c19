import Testing

@testable import Safetensors

@Suite struct HeaderTests {
    /// A file with this header and so many bytes of data.
    private func bytes(_ header: String, data: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(UInt64(header.utf8.count))
        return bytes + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }

    @Test func whatTheFormatAllowsIsRead() throws {
        let header =
            #"{"b":{"shape":[2],"dtype":"U8","data_offsets":[4,6]}"#
            + #" , "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  "#
        let file = try SafetensorsFile(bytes: bytes(header, data: 6))
        #expect(file.tensors.map(\.name) == ["a", "b"])
        #expect(try SafetensorsFile(bytes: bytes("{}", data: 0)).tensors.isEmpty)
        let escaped = try SafetensorsFile(bytes: bytes(#"{"__metadata__":{"k":"\u00fc\ud83d\ude00\n\/"}}"#, data: 0))
        #expect(escaped.metadata == ["k": "ü😀\n/"])
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 12, "holds 12"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "promises 8"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "leaves a hole"),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#
                + #","b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
            6, "overlaps"
        ),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "needs 3 numbers of 4 bytes"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "rising"),
        (#"{"a":{"dtype":"BF16","shape":[3],"data_offsets":[0,8]}}"#, 8, "BF16"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807,9,0],"data_offsets":[0,0]}}"#, 0, "impossible shape"),
        (#"{"a":{"dtype":"F32","shape":[2305843009213693951,0],"data_offsets":[0,0]}}"#, 0, "impossible shape"),
        (#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, 8, "no dtype"),
        (#"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#, 8, "no shape"),
        (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "no whole number from 0"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,8]}}"#, 8, "impossible shape"),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8, "too large"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#, 8, "unknown field 'more'"),
        (
            #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
                + #","a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
            0, "twice"
        ),
        (#"{"__metadata__":{"a":1}}"#, 0, "not a string"),
        (#"{"__metadata__":[]}"#, 0, "not an object"),
        (#"{"a":[]}"#, 0, "not an object"),
        (#"{"a":"\ud83d"}"#, 0, "JSON"),
        (#"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}"#, 1, "begins with 0"),
        (#"{"a":[[[[[[[[0]]]]]]]]}"#, 0, "not an object"),
        (
            #"{"a":"# + String(repeating: "[", count: 70) + "0" + String(repeating: "]", count: 70) + "}", 0,
            "too deep"
        ),
        (#"{} x"#, 0, "behind the end"),
        (#"{"a"}"#, 0, "no ':'"),
        (#"{"a"#, 0, "without end"),
        (#" {}"#, 0, "does not begin with"),
        ("", 0, "does not begin with"),
    ])
    func whatBreaksTheFormatIsRefused(_ header: String, _ data: Int, _ words: String) {
        let error = #expect(throws: Malformed.self) { _ = try SafetensorsFile(bytes: bytes(header, data: data)) }
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
    }

    @Test func lengthsThatLieAreRefusedBeforeAnythingIsRead() {
        for (bytes, words) in [
            ([1, 2, 3], "has 3 bytes"), ([255, 255, 255, 255, 255, 255, 255, 255, 123], "claims"),
            ([9, 0, 0, 0, 0, 0, 0, 0, 123, 125], "has only 2"),
        ] as [([UInt8], String)] {
            let error = #expect(throws: Malformed.self) { _ = try SafetensorsFile(bytes: bytes) }
            #expect(error?.reason.contains(words) == true)
        }
    }

    /// Every truncation and every changed byte of a real header either reads or is refused; nothing traps.
    @Test func damagedFilesNeverTrap() throws {
        let good = SafetensorsFile(
            tensors: [
                Tensor(name: "ab", shape: [2], floats: [1, 2]),
                Tensor(name: "c", type: .uint8, shape: [3], bytes: [1, 2, 3]),
            ], metadata: ["k": "\u{1}"]
        ).encoded()
        for length in good.indices {
            #expect(throws: Malformed.self) { _ = try SafetensorsFile(bytes: Array(good[..<length])) }
        }
        var refused = 0
        for place in 0..<(good.count - 11) {
            for byte in [0, 0x22, 0x39, 0x5C, 0x7B, 0xFF] as [UInt8] {
                var bad = good
                bad[place] = byte
                do { _ = try SafetensorsFile(bytes: bad) } catch { refused += 1 }
            }
        }
        #expect(refused > good.count)
    }

    /// Models of other programs hold tensors that ours do not need: counters, masks, halves.
    @Test(arguments: [
        ("F64", 8), ("F16", 2), ("BF16", 2), ("BOOL", 1), ("I8", 1), ("U64", 8), ("F8_E4M3", 1), ("C64", 8), ("NEW", 3),
    ])
    func tensorsOfEveryTypeMayBeThere(type: String, size: Int) throws {
        let header =
            #"{"a":{"dtype":"\#(type)","shape":[2],"data_offsets":[0,\#(2 * size)]},"#
            + #""b":{"dtype":"F32","shape":[1],"data_offsets":[\#(2 * size),\#(2 * size + 4)]}}"#
        let file = try SafetensorsFile(bytes: bytes(header, data: 2 * size + 4))
        #expect(file["a"]?.type.rawValue == type && file["a"]?.byteCount == 2 * size)
        #expect(file["a"]?.floats == nil && file["a"]?.integers == nil)
        #expect(file["b"]?.floats == [0])
        // They keep their place and their bytes when the file is written again.
        #expect(try SafetensorsFile(bytes: file.encoded())["a"] == file["a"])
    }
}
