import CDeflate
import Datasets
import Training

struct IDXFormat: FuzzFormat {
    static let name = "idx"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for (images, labels) in IDX.names {
            try files.add(images, IDX.images(12), .bytes)
            try files.add(labels, IDX.labels(12), .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("mnist", in: files.folder)
    }
}
