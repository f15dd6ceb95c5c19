import CDeflate
import Datasets
import Training

struct CIFARFormat: FuzzFormat {
    static let name = "cifar"

    private var files: FileSet

    init(in folder: String) throws {
        files = FileSet(in: folder)
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            let records = (0..<4).flatMap { label in
                [UInt8(label)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0) }
            }
            try files.add(name, records, .bytes)
        }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        try files.change(&mutator)
        try read("cifar10", in: files.folder)
    }
}
