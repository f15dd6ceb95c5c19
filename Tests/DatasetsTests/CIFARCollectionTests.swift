import TestKit
import Testing

@testable import Datasets

@Suite struct CIFARCollectionTests {
    private let folder: TemporaryFolder
    private let places: DataPlaces

    init() throws {
        folder = try TemporaryFolder()
        places = DataPlaces(collection: nil, home: "\(folder.path)/home", system: "\(folder.path)/system")
    }

    private func load(_ path: String? = nil) throws -> Dataset {
        try CIFARCollection.cifar10.open(path: path.map { "\(folder.path)/\($0)" }, places: places).read()
    }

    /// Image `number` has the label `number % 10` and planes of three colours that tell it.
    private func record(_ number: Int) -> [UInt8] {
        var bytes = [UInt8(number % 10)]
        for plane in 0..<UInt8(3) {
            bytes += [UInt8(number), plane]
            bytes += [UInt8](repeating: 100 + plane, count: 1022)
        }
        return bytes
    }

    /// Twelve images, two a file, the last file for testing.
    private func write(in folder: String) throws {
        for (index, file) in (CIFARCollection.cifar10.trainFiles + [CIFARCollection.cifar10.testFile]).enumerated() {
            try self.folder.write("\(folder)/\(file)", record(2 * index) + record(2 * index + 1))
        }
    }

    @Test func recordsBecomeImagesInTheOrderOfTheFiles() throws {
        try write(in: "here")
        let dataset = try load("here")
        #expect(dataset.shape == ImageShape(channels: 3, height: 32, width: 32))
        #expect(dataset.train.labels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(dataset.test.labels == [0, 1])
        for plane in 0..<3 {
            let start = 7 * 3072 + plane * 1024
            #expect(dataset.train.pixels[start..<(start + 3)] == [7, UInt8(plane), UInt8(100 + plane)])
            #expect(dataset.train.pixels[start + 1023] == UInt8(100 + plane))
        }
        #expect(dataset.test.pixels.first == 10)
        #expect(dataset.classes.count == 10)
        #expect(dataset.normalization.mean.count == 3)
    }

    @Test func theFolderOfTheArchiveIsFoundWithinAPlace() throws {
        try write(in: "system/cifar10/cifar-10-batches-bin")
        #expect(try load().folder == "\(folder.path)/system/cifar10/cifar-10-batches-bin")
        try write(in: "home/.cache/murmur/cifar10")
        #expect(try load().folder == "\(folder.path)/home/.cache/murmur/cifar10")
        #expect(try load("system/cifar10/cifar-10-batches-bin").train.count == 10)
    }

    @Test func whatIsMissingIsNamed() throws {
        try folder.write("here/test_batch.bin", [])
        let error = #expect(throws: DataError.self) { try load("here") }
        #expect(error?.kind == .missing)
        #expect(error?.problem.contains("(without data_batch_1.bin, data_batch_2.bin") == true)
        #expect(error?.remedy.contains("murmur data prepare cifar10 --from") == true)
    }

    @Test func aFileOfAnotherLengthIsRefused() throws {
        try write(in: "here")
        let file = try folder.write("here/data_batch_3.bin", record(4) + record(5).dropLast())
        let error = #expect(throws: DataError.self) { try load("here") }
        #expect(error?.kind == .malformed)
        #expect(error?.subject == file)
        #expect(error?.problem == "has 6145 bytes, which make no whole records of 3073")
        try folder.write("here/data_batch_3.bin", [])
        #expect(throws: DataError.self) { try load("here") }
    }

    @Test func filesMayHoldAnyNumberOfRecords() throws {
        try write(in: "here")
        try folder.write("here/data_batch_2.bin", record(2) + record(3) + record(13))
        try folder.write("here/data_batch_4.bin", record(26))
        let dataset = try load("here")
        #expect(dataset.train.labels == [0, 1, 2, 3, 3, 4, 5, 6, 8, 9])
        #expect((0..<10).map { dataset.train.pixels[$0 * 3072] } == [0, 1, 2, 3, 13, 4, 5, 26, 8, 9])
    }

    @Test func labelsMustBeClasses() throws {
        try write(in: "here")
        try folder.write("here/test_batch.bin", record(0) + [10] + record(1).dropFirst())
        let error = #expect(throws: DataError.self) { try load("here") }
        #expect(error?.problem == "holds the label 10 in record 1, where labels are 0 to 9")
    }

    /// A record of CIFAR-100: a coarse label, a fine one, and pixels.
    private func fineRecord(coarse: UInt8, fine: UInt8) -> [UInt8] {
        [coarse, fine] + [UInt8](repeating: fine &+ 100, count: 3072)
    }

    @Test func theFineOfTwoLabelsIsLearned() throws {
        try folder.write(
            "here/cifar-100-binary/train.bin",
            (0..<5).flatMap { (label: UInt8) in fineRecord(coarse: label, fine: 99 - label) })
        try folder.write("here/cifar-100-binary/test.bin", fineRecord(coarse: 19, fine: 7))
        let dataset = try CIFARCollection.cifar100.open(path: "\(folder.path)/here", places: places).read()
        #expect(dataset.train.labels == [99, 98, 97, 96, 95])
        #expect(dataset.test.labels == [7])
        let ends: [UInt8] = (1...5).map { dataset.train.pixels[$0 * 3072 - 1] }
        #expect(ends == [199, 198, 197, 196, 195])
        #expect(dataset.classes.count == 100 && dataset.classes[70] == "rose" && dataset.classes[99] == "worm")
    }

    @Test func fineLabelsGoTo99() throws {
        try folder.write("here/train.bin", fineRecord(coarse: 200, fine: 0) + fineRecord(coarse: 0, fine: 100))
        let test = try folder.write("here/test.bin", fineRecord(coarse: 19, fine: 7).dropLast())
        func load() throws -> UnreadDataset {
            try CIFARCollection.cifar100.open(path: "\(folder.path)/here", places: places)
        }
        #expect(
            throws: DataError(
                .malformed, "\(folder.path)/here/train.bin",
                "holds the label 100 in record 1, where labels are 0 to 99",
                remedy: "replace the file by a whole copy")
        ) { try load() }
        try folder.write("here/train.bin", fineRecord(coarse: 200, fine: 0))
        let error = #expect(throws: DataError.self) { try load() }
        #expect(error?.subject == test && error?.problem == "has 3073 bytes, which make no whole records of 3074")
    }
}
