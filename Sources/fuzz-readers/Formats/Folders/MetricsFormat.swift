import Foundation
import Reports
import Training

struct MetricsFormat: FuzzFormat {
    static let name = "metrics"
    private var files: RunFiles

    init(in folder: String) throws { files = try RunFiles(in: folder, changing: ["metrics.jsonl"]) }

    mutating func tryOne(_ mutator: inout Mutator) throws { try files.tryOne(&mutator) }
}
