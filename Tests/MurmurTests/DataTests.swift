import Foundation
import TestKit
import Testing

/// `murmur data` as users meet it: what goes to which stream, and the exit codes.
@Suite struct DataTests {
    /// Two training images and one test image of one pixel.
    private static let files: [String: [UInt8]] = [
        "train-images-idx3-ubyte": [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 8],
        "train-labels-idx1-ubyte": [0, 0, 8, 1, 0, 0, 0, 2, 4, 9],
        "t10k-images-idx3-ubyte": [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7],
        "t10k-labels-idx1-ubyte": [0, 0, 8, 1, 0, 0, 0, 1, 4],
    ]

    /// Calls `murmur data` with `MURMUR_DATA` a folder that has these files for MNIST. The folder's path reads FOLDER
    /// in what comes back.
    private func call(
        _ verb: String, _ name: String, _ option: String? = nil, files: [String: [UInt8]] = files
    ) throws -> Called {
        var called = Called(code: -1, output: "", errors: "")
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/mnist", withIntermediateDirectories: true)
            for (name, bytes) in files { try Data(bytes).write(to: URL(filePath: "\(folder)/mnist/\(name)")) }
            let option = option.map { " " + $0.replacing("FOLDER", with: folder) } ?? ""
            called = try Command.call(
                "data", verb, name, in: folder, shell: "export MURMUR_DATA='\(folder)'; set -- \"$@\"\(option)")
            called.output.replace(folder, with: "FOLDER")
            called.errors.replace(folder, with: "FOLDER")
        }
        return called
    }

    @Test func infoAsJSONIsOneObjectWithSortedKeys() throws {
        let called = try call("info", "mnist", "--json")
        #expect(
            called.output == """
                {"classes":["0","1","2","3","4","5","6","7","8","9"],"deviation":[0.3081],"folder":"FOLDER/mnist",\
                "mean":[0.1307],"name":"mnist","samples_per_class":{"test":[0,0,0,0,1,0,0,0,0,0],\
                "train":[0,0,0,0,1,0,0,0,0,1]},"shape":[1,1,1],"test_samples":1,"train_samples":2}

                """)
        #expect(called.errors == "")
        #expect(called.code == 0)
    }

    @Test func infoInWordsNamesFolderShapeAndClasses() throws {
        let called = try call("info", "mnist")
        #expect(called.output.contains("\nfolder     FOLDER/mnist\nshape      1 x 1 x 1 (channels, height, width)\n"))
        #expect(called.output.contains("\nclass  training  test\n0             0     0\n"))
        #expect(called.output.hasSuffix("\n9             1     0\nall           2     1\n"))
        #expect(called.code == 0)
    }

    @Test func prepareSaysWhereTheFilesAre() throws {
        let called = try call("prepare", "mnist")
        #expect(
            called.output == "mnist is ready in FOLDER/mnist: 2 training and 1 test images of 1 x 1 x 1, "
                + "10 classes, all verified\n")
        #expect(called.code == 0)
    }

    @Test func aMissingDataSetEndsWith66AndTheRemedy() throws {
        let called = try call("prepare", "fashion-mnist", "--path=FOLDER/absent")
        #expect(called.output == "")
        #expect(
            called.errors == "murmur: fashion-mnist: not found; looked in FOLDER/absent (no such folder); "
                + "get it by: apt-get install dataset-fashion-mnist\n")
        #expect(called.code == 66)
    }

    @Test func aDamagedFileEndsWith65AndItsName() throws {
        var files = Self.files
        files["t10k-labels-idx1-ubyte"]?.removeLast()
        let called = try call("info", "mnist", files: files)
        #expect(called.output == "")
        #expect(
            called.errors == "murmur: FOLDER/mnist/t10k-labels-idx1-ubyte: promises 1 values, 1 bytes, "
                + "but holds 0 behind its header; replace the file by a whole copy\n")
        #expect(called.code == 65)
    }

    @Test func anUnknownDataSetEndsWith78() throws {
        let called = try call("info", "mnits", "--json")
        #expect(called.errors == "murmur: unknown data set 'mnits'; did you mean 'mnist'?\n")
        #expect(called.code == 78)
    }
}
