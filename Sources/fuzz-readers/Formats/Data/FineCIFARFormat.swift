import Datasets
import Training

/// CIFAR-100, whose records have two labels.
struct FineCIFARFormat: FuzzFormat {
    static let name = "cifar100"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for name in ["train.bin", "test.bin"] {
            let records = (0..<4).flatMap { label in
                [UInt8(label), UInt8(99 - label)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0) }
            }
            try files.add(name, records, .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("cifar100", in: files.folder)
    }
}
