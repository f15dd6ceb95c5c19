import Experiments
import Foundation
import Training

/// A kind of file that the command reads: valid ones, and how they are read.
protocol FuzzFormat {
    static var name: String { get }

    /// Makes valid files in an empty folder.
    init(in folder: String) throws

    /// Changes the files by chance and reads them as the command does. Throws what the reader throws.
    mutating func tryOne(_ mutator: inout Mutator) throws
}

/// What `--override`s on the command line come to.
func loaded(_ overrides: [String]) throws -> LoadedExperiment {
    try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
}
