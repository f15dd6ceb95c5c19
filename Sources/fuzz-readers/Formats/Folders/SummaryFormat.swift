import Foundation
import Reports
import Training

struct SummaryFormat: FuzzFormat {
    static let name = "summary"
    private var files: RunFiles

    init(in folder: String) throws { files = try RunFiles(in: folder, changing: ["summary.json"]) }

    mutating func tryOne(_ mutator: inout Mutator) throws { try files.tryOne(&mutator) }
}
