import Foundation
import TestKit
import Testing

@testable import Datasets

/// NumPy's own files (see `make_arrays` in script/make-fixtures.py), and changed ones.
@Suite struct ArrayFilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ name: String) throws -> UnreadDataset {
        try ArrayFiles.open(path: "\(folder.path)/\(name)", places: DataPlaces(collection: nil, home: nil))
    }

    private func problem(_ name: String) -> String? {
        let error = #expect(throws: DataError.self) { try open(name) }
        #expect(error?.kind == .malformed)
        return error?.problem
    }

    /// A .npy file of one byte a number.
    private func npy(_ shape: String, _ values: [UInt8], type: String = "|u1", order: String = "False") -> [UInt8] {
        let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(shape)), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + values
    }

    private func writeFolder() throws {
        try folder.write("set/x_train.npy", npy("3, 2, 2", Array(0..<12)))
        try folder.write("set/y_train.npy", npy("3,", [0, 2, 1]))
        try folder.write("set/x_test.npy", npy("1, 2, 2", [9, 8, 7, 6]))
        try folder.write("set/y_test.npy", npy("1, 1", [1]))
    }

    @Test(arguments: ["stored.npz", "packed.npz", "long.npz"]) func npzIsReadInEveryForm(name: String) throws {
        try folder.write(name, PictureTests.fixture(name))
        let dataset = try open(name).read()
        #expect(dataset.shape == ImageShape(channels: 3, height: 4, width: 5))
        #expect(dataset.train.labels == [2, 0, 1, 2, 1] && dataset.test.labels == [1, 0])
        var planes: [UInt8] = []
        for plane in 0..<21 {
            for place in 0..<20 { planes.append(UInt8((plane / 3 * 60 + place * 3 + plane % 3) * 11 % 251)) }
        }
        #expect(dataset.train.pixels == Array(planes.prefix(300)) && dataset.test.pixels == Array(planes.suffix(120)))
        #expect(dataset.classes.count == 3)
        // A share read alone.
        let share = try open(name).read(train: [1, 4], tests: false).train
        #expect(share.pixels == Array(planes[60..<120] + planes[240..<300]))
    }

    @Test func aFolderOfArraysIsRead() throws {
        try writeFolder()
        let dataset = try open("set").read()
        #expect(dataset.shape == ImageShape(channels: 1, height: 2, width: 2))
        #expect(dataset.train.pixels == Array(0..<12) && dataset.train.labels == [0, 2, 1])
        #expect(dataset.test.pixels == [9, 8, 7, 6] && dataset.test.labels == [1])
        try FileManager.default.removeItem(atPath: "\(folder.path)/set/y_test.npy")
        let error = #expect(throws: DataError.self) { try open("set") }
        #expect(error?.kind == .missing && error?.problem == "has no array y_test or test_labels")
    }

    @Test func whatIsNoArrayOfImagesIsRefused() throws {
        func refused(_ name: String, _ bytes: [UInt8]) throws -> String? {
            try writeFolder()
            try folder.write("set/\(name).npy", bytes)
            return problem("set")
        }
        #expect(try refused("x_train", [1, 2, 3]) == "is not a .npy file: it does not begin as one")
        #expect(
            try refused("x_train", npy("3, 2, 2", Array(0..<11)))
                == "promises 3 x 2 x 2 numbers of 1 bytes, but holds 11 bytes behind its header")
        #expect(
            try refused("x_train", npy("3, 2, 2", Array(0..<12), order: "True"))
                == "is stored column by column (fortran_order), not row by row")
        #expect(
            try refused("x_train", npy("3, 2, 2", [], type: "<f4"))?.hasPrefix("holds numbers of the type '<f4'")
                == true)
        #expect(
            try refused("x_train", npy("12,", Array(0..<12)))?.hasPrefix("holds 12 numbers of the type '|u1'") == true)
        #expect(try refused("y_train", npy("2,", [0, 1]))?.hasPrefix("holds 2 labels for 3 images of") == true)
        #expect(
            try refused("y_train", npy("3,", [0, 255, 1], type: "|i1"))
                == "holds the label -1 at index 1, where classes begin at 0")
        #expect(
            try refused("x_test", npy("1, 1, 1", [0]))
                == "has training images of 1 x 2 x 2, but test images of 1 x 1 x 1")
    }

    @Test func anArchiveThatIsCutOrChangedIsRefused() throws {
        for name in ["stored.npz", "packed.npz"] {
            let whole = try PictureTests.fixture(name)
            try folder.write("cut.npz", Array(whole.dropLast(30)))
            #expect(problem("cut.npz") == "is no zip archive, or ends early: there is no directory at its end")
        }
        // The directory's own place in the record that has room for 64 bits, and the mark of that record.
        let long = try PictureTests.fixture("long.npz")
        let record = long.count - 22 - 20 - 56
        for (place, byte) in [(record + 55, UInt8(0x80)), (record + 50, 1), (record, 0), (long.count - 42 + 15, 0x7F)] {
            var changed = long
            changed[place] = byte
            try folder.write("changed.npz", changed)
            #expect(problem("changed.npz") == "has a damaged directory at its end")
        }
        // Whatever else its numbers become, they lead to an error or an array, not out of the file.
        for trial in 0..<600 {
            var changed = long
            for step in 0...(trial % 3) {
                let word = UInt32(truncatingIfNeeded: (3 * trial + step + 1) &* 2_654_435_761)
                changed[Int(word >> 8) % long.count] = trial % 2 == 0 ? 0xFF : UInt8(truncatingIfNeeded: word)
            }
            try folder.write("changed.npz", changed)
            if let dataset = try? open("changed.npz").read() { #expect(dataset.train.count > 0) }
        }
        var changed = try PictureTests.fixture("packed.npz")
        for place in 60..<100 { changed[place] ^= 0x55 }
        try folder.write("changed.npz", changed)
        #expect(problem("changed.npz") == "holds x_train.npy, which is truncated or damaged")
    }
}
