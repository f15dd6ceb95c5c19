import Foundation
import Reports
import Training

struct RunFormat: FuzzFormat {
    static let name = "run"
    private var files: RunFiles

    init(in folder: String) throws {
        files = try RunFiles(
            in: folder,
            changing: [
                "config.yaml", "environment.json", "overrides.txt", "summary.json", "metrics.jsonl", "graph.json",
                "predictions.json",
            ])
    }

    mutating func tryOne(_ mutator: inout Mutator) throws { try files.tryOne(&mutator) }
}
