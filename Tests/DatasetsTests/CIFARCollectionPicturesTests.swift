import Foundation
import TestKit
import Testing

@testable import Datasets

/// CIFAR-10 made from pictures.
@Suite(.enabled(if: PictureTests.hasPNG, "libpng is not installed"))
struct CIFARCollectionPicturesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func convert(_ source: String = "pictures") throws -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        try DataSources.convert("cifar10", from: "\(folder.path)/\(source)") { files.append(($0, $1)) }
        return files
    }

    /// A PNG file of 32 x 32 grey pixels of one value: a stored block of rows without a filter.
    private func png(_ value: UInt8, width: UInt8 = 32) -> [UInt8] {
        func big(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        func checksum(_ bytes: [UInt8]) -> UInt32 {
            var remainder: UInt32 = ~0
            for byte in bytes {
                remainder ^= UInt32(byte)
                for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
            }
            return ~remainder
        }
        func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
            big(UInt32(bytes.count)) + Array(name.utf8) + bytes + big(checksum(Array(name.utf8) + bytes))
        }
        var rows: [UInt8] = []
        for _ in 0..<32 { rows += [0] + [UInt8](repeating: value, count: Int(width)) }
        var (first, second): (UInt32, UInt32) = (1, 0)
        for byte in rows {
            first = (first + UInt32(byte)) % 65521
            second = (second + first) % 65521
        }
        let length = UInt16(rows.count)
        let lengths = [length, ~length].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let block: [UInt8] = [0x78, 1, 1] + lengths
        let header = chunk("IHDR", big(UInt32(width)) + big(32) + [8, 0, 0, 0, 0])
        let data = chunk("IDAT", block + rows + big(second << 16 | first))
        return [137, 80, 78, 71, 13, 10, 26, 10] + header + data + chunk("IEND", [])
    }

    /// Five training pictures and one for testing of each class, their pixels telling class and number.
    private func pictures() -> [(name: String, bytes: [UInt8])] {
        CIFARCollection.cifar10.classes.enumerated().flatMap { label, name in
            (0..<6).map { number in
                ("\(number < 5 ? "train" : "test")/\(name)/\(number).png", png(UInt8(20 * label + number)))
            }
        }
    }

    @Test func classesTakeTurnsInTheSixFiles() throws {
        for (name, bytes) in pictures() { try folder.write("pictures/\(name)", bytes) }
        let files = try convert()
        #expect(files.map(\.name) == CIFARCollection.cifar10.trainFiles + ["test_batch.bin"])
        for (number, file) in files.enumerated() {
            #expect(file.bytes.count == 10 * 3073)
            for label in 0..<10 {
                let record = file.bytes[(label * 3073)..<((label + 1) * 3073)]
                #expect(record.first == UInt8(label))
                #expect(record.dropFirst().allSatisfy { $0 == UInt8(20 * label + number) })
            }
        }
        try folder.write("all.tar", tar(pictures()))
        #expect(try convert("all.tar").map(\.bytes) == files.map(\.bytes))
    }

    @Test func otherPicturesAreRefused() throws {
        func problem() -> String? { #expect(throws: DataError.self) { _ = try convert() }?.problem }
        #expect(problem() == "is not there")
        let extra = try folder.write("pictures/train/cat/extra.png", png(1))
        #expect(problem() == "holds the classes cat")
        for (name, bytes) in pictures() { try folder.write("pictures/\(name)", bytes) }
        #expect(problem()?.hasPrefix("holds 5, 5, 5, 6, 5, 5") == true)
        try folder.write("pictures/train/cat/1.png", png(1, width: 31))
        try FileManager.default.removeItem(atPath: extra)
        #expect(problem() == "has 31 x 32 pixels, not 32 x 32")
        #expect(throws: (any Error).self) { try DataSources.convert("mnist", from: folder.path) { _, _ in } }
    }

    private static let images = URL(fileURLWithPath: #filePath)
        .appendingPathComponent("../../../../shared/data/cifar10-images.tar.gz").standardizedFileURL.path

    /// All of CIFAR-10, where its JPEG files are: 60,000 pictures, read within a packed archive.
    @Test(
        .enabled(
            if: PictureTests.hasJPEG && FileManager.default.fileExists(atPath: images),
            "there are no images of CIFAR-10 beside the repository, or libturbojpeg is not installed"))
    func theWholeOfCIFAR10IsMadeFromItsImages() throws {
        var sizes: [String: Int] = [:]
        try DataSources.convert("cifar10", from: Self.images) { name, bytes in sizes[name] = bytes.count }
        #expect(sizes.count == 6 && sizes.values.allSatisfy { $0 == 10_000 * 3073 })
    }
}
