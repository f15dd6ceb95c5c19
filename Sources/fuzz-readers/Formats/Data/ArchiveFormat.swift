import Datasets
import Training

/// NumPy's arrays in a .npz archive.
struct ArchiveFormat: FuzzFormat {
    static let name = "npz"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        try files.add("data.npz", SmallFiles.npz, .bytes)
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("arrays", in: "\(files.folder)/data.npz")
    }
}
