import Configuration
import Datasets

/// A data set of pictures, with small extents.
struct PictureFolder {
    private let request: DataRequest

    init(_ path: String) {
        let options = Options(["image_size": .integer(8), "test_fraction": .number(0.5)])
        request = DataRequest(name: "image-folder", options: options, path: path)
    }

    /// Reads it as `train` does, and decodes all pictures. What a picture may be wrong in is found while it is learned
    /// from, so that is tried too.
    func read() throws { try DataSources.open(request, places: .none).verify() }
}
