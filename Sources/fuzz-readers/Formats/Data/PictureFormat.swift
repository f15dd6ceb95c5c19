import Datasets
import Training

/// Photos in folders of their classes.
struct PictureFormat: FuzzFormat {
    static let name = "pictures"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for (index, picture) in [SmallFiles.jpeg, SmallFiles.progressive, SmallFiles.png].enumerated() {
            try files.add("train/class/\(index).\(index == 2 ? "png" : "jpg")", picture, .bytes)
            try files.add("test/class/\(index).\(index == 2 ? "png" : "jpg")", picture, .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try readPictures(files.folder)
    }
}
