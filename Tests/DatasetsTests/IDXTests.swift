import TestKit
import Testing

@testable import Datasets

@Suite struct IDXTests {
    private let small = idx([2, 2, 3], Array(1...12))
    /// The same bytes packed by Python's gzip.
    private let packed: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 99, 96, 224, 96, 102, 96, 96, 96, 130, 98, 102, 70, 38, 102, 22, 86, 54, 118,
        14,
        78, 46, 110, 30, 0, 72, 17, 12, 132, 28, 0, 0, 0,
    ]

    @Test func anArrayIsReadPackedAndUnpacked() throws {
        let expected = IDX(shape: [2, 2, 3], values: Array(1...12))
        #expect(try IDX.unpackAndParse(small, dimensions: 3).get() == expected)
        #expect(try IDX.unpackAndParse(packed, dimensions: 3).get() == expected)
    }

    @Test func everyTruncationIsRefused() {
        for length in 0..<small.count {
            #expect(problem(Array(small[..<length])) != nil, "a file of \(length) bytes")
        }
        for length in 0..<packed.count {
            #expect(problem(Array(packed[..<length])) != nil, "a packed file of \(length) bytes")
        }
    }

    /// Each byte of the header is needed as it is: any other value makes another file, which is refused.
    @Test func everyOtherByteInTheHeaderIsRefused() {
        for place in 0..<16 {
            for byte in UInt8.min...UInt8.max where byte != small[place] {
                var bytes = small
                bytes[place] = byte
                #expect(problem(bytes) != nil, "byte \(place) is \(byte)")
            }
        }
    }

    /// A packed file either is refused or, where a byte without meaning was hit (a date, say), reads as it was.
    @Test func everyOtherByteInAPackedFileIsRefusedOrWithoutMeaning() {
        var read = 0
        for place in packed.indices {
            for byte in UInt8.min...UInt8.max where byte != packed[place] {
                var bytes = packed
                bytes[place] = byte
                if case .success(let array) = IDX.unpackAndParse(bytes, dimensions: 3) {
                    #expect(array == IDX(shape: [2, 2, 3], values: Array(1...12)), "byte \(place) is \(byte)")
                    // Flags, date and system; and the bits that fill up the last packed byte, just before the trailer.
                    #expect((3..<10).contains(place) || place == packed.count - 9, "byte \(place) is \(byte)")
                    read += 1
                }
            }
        }
        // Date, extra flags and system: six bytes of any value.
        #expect(read >= 6 * 255)
    }

    @Test(
        arguments: [
            ([1, 2, 3], "is not an IDX file: it has 3 bytes, of at least 4 in a header"),
            ([80, 75, 8, 3], "is not an IDX file: its first two bytes are 50 4b, not 00 00"),
            ([0, 0, 13, 3], "holds 32-bit floats, where unsigned bytes (type 08) are expected"),
            ([0, 0, 7, 3], "holds numbers of the unknown type 07, where unsigned bytes (type 08) are expected"),
            ([0, 0, 8, 1] + bigEndian(0), "has 1 dimensions, where 3 are expected"),
            ([0, 0, 8, 3, 0, 0], "ends within its header: it has 6 bytes, of 16 in the header"),
            (idx([2, 2, 3], Array(1...11)), "promises 2 x 2 x 3 values, 12 bytes, but holds 11 behind its header"),
            (idx([2, 2, 3], Array(1...13)), "promises 2 x 2 x 3 values, 12 bytes, but holds 13 behind its header"),
            (
                idx([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [1]),
                "promises 4294967295 x 4294967295 x 4294967295 values, more bytes than there can be, "
                    + "but holds 1 behind its header"
            ),
            // libFuzzer's: no image, of a size that is no number.
            (
                idx([0, 0xFFFF_FFFF, 0xFFFF_0EFF], []),
                "promises 0 x 4294967295 x 4294905599 values, more bytes than there can be, "
                    + "but holds 0 behind its header"
            ),
        ] as [([UInt8], String)])
    func whatIsWrongIsSaid(bytes: [UInt8], sentence: String) {
        #expect(problem(bytes) == sentence)
    }

    @Test func aMissingFileIsMissingAndAWrongOneMalformed() throws {
        let folder = try TemporaryFolder()
        let wrong = try folder.write("wrong", [1, 2, 3])
        let absent = "\(folder.path)/absent"
        #expect(throws: DataError(.missing, absent, "cannot be opened (no such file or directory)", remedy: "get it")) {
            try IDX.read(absent, dimensions: 1, remedy: "get it")
        }
        #expect(throws: DataError(.missing, folder.path, "is not a file", remedy: "get it")) {
            try IDX.read(folder.path, dimensions: 1, remedy: "get it")
        }
        let error = #expect(throws: DataError.self) { try IDX.read(wrong, dimensions: 1, remedy: "get it again") }
        #expect(error?.kind == .malformed)
        #expect(
            error?.description
                == "\(wrong): is not an IDX file: it has 3 bytes, of at least 4 in a header; get it again")
    }

    private func problem(_ bytes: [UInt8]) -> String? {
        guard case .failure(let problem) = IDX.unpackAndParse(bytes, dimensions: 3) else { return nil }
        return problem.sentence
    }
}
