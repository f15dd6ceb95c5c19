import CDeflate
import Configuration
import Datasets
import Runs
import Training

/// Reads the data set in a folder as `train` does before its first step.
func read(_ name: String, in folder: String) throws {
    let loaded = try loaded(["data.name=\(name)", "data.path=\(folder)", "model.name=softmax", "peers=1", "batch=1"])
    _ = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
}

/// Reads a set of pictures as `train` does, and decodes all of them. What a picture may be wrong in is found while it
/// is learned from, so that is tried too.
func readPictures(_ path: String) throws {
    let options = Options(["image_size": .integer(16)])
    let request = DataRequest(name: "image-folder", options: options, path: path)
    try DataSources.open(request, places: DataPlaces(collection: nil, home: nil)).verify()
}

/// Images and labels of the MNIST family.
enum IDX {
    static let names = [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"), ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
    ]

    static func images(_ count: UInt8) -> [UInt8] {
        [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]
            + (0..<Int(count) * 784).map { UInt8(truncatingIfNeeded: $0) }
    }

    static func labels(_ count: UInt8) -> [UInt8] { [0, 0, 8, 1, 0, 0, 0, count] + (0..<count).map { $0 % 10 } }
}
