import Foundation
import Testing

/// `murmur data` as users meet it: what goes to which stream, and the exit codes.
@Suite struct DataTests {
    /// Two training images and one test image of one pixel, in a folder for this test.
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("murmur-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder + "/mnist", withIntermediateDirectories: true)
        try write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 8])
        try write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 4, 9])
        try write("t10k-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7])
        try write("t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1, 4])
    }

    private func write(_ file: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/mnist/\(file)"))
    }

    private func run(_ arguments: String...) throws -> CommandRun {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try CommandRun(["data"] + arguments, environment: ["MURMUR_DATA": folder])
    }

    @Test func infoAsJSONIsOneObjectWithSortedKeys() throws {
        let run = try run("info", "mnist", "--json")
        #expect(
            run.output == """
                {"classes":["0","1","2","3","4","5","6","7","8","9"],"deviation":[0.3081],"folder":"\(folder)/mnist",\
                "mean":[0.1307],"name":"mnist","samples_per_class":{"test":[0,0,0,0,1,0,0,0,0,0],\
                "train":[0,0,0,0,1,0,0,0,0,1]},"shape":[1,1,1],"test_samples":1,"train_samples":2}

                """)
        #expect(run.errors == "")
        #expect(run.exitCode == 0)
    }

    @Test func infoInWordsNamesFolderShapeAndClasses() throws {
        let run = try run("info", "mnist")
        #expect(run.output.contains("folder     \(folder)/mnist\nshape      1 x 1 x 1 (channels, height, width)\n"))
        #expect(run.output.contains("\nclass  training  test\n0             0     0\n"))
        #expect(run.output.hasSuffix("\n9             1     0\nall           2     1\n"))
        #expect(run.exitCode == 0)
    }

    @Test func prepareSaysWhereTheFilesAre() throws {
        let run = try run("prepare", "mnist")
        #expect(
            run.output == "mnist is ready in \(folder)/mnist: 2 training and 1 test images of 1 x 1 x 1, "
                + "10 classes, all verified\n")
        #expect(run.exitCode == 0)
    }

    @Test func aMissingDataSetEndsWith66AndTheRemedy() throws {
        let run = try run("prepare", "fashion-mnist", "--path", "\(folder)/absent")
        #expect(run.output == "")
        #expect(
            run.errors == "murmur: fashion-mnist: not found; looked in \(folder)/absent (no such folder); "
                + "get it by: apt-get install dataset-fashion-mnist\n")
        #expect(run.exitCode == 66)
    }

    @Test func aDamagedFileEndsWith65AndItsName() throws {
        try write("t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 1])
        let run = try run("info", "mnist")
        #expect(run.output == "")
        #expect(
            run.errors == "murmur: \(folder)/mnist/t10k-labels-idx1-ubyte: promises 1 values, 1 bytes, "
                + "but holds 0 behind its header; replace the file by a whole copy\n")
        #expect(run.exitCode == 65)
    }

    @Test func anUnknownDataSetEndsWith78() throws {
        let run = try run("info", "mnits")
        #expect(run.errors == "murmur: unknown data set 'mnits'; did you mean 'mnist'?\n")
        #expect(run.exitCode == 78)
    }
}
