import Checkpoints
import Configuration
import Datasets
import Experiments
import Foundation
import OpenTransport
import Records
import Reports
import Safetensors
import Wire

/// The process that reads. It tells the number of each file before it reads it.
enum Worker {
    /// - Parameter corpora: The folder that has a folder of files for each format of one file.
    static func run(_ name: String, seed: UInt64, _ cases: Range<Int>, in folder: String, corpora: String) throws {
        if let type = FuzzFormats.files.first(where: { $0.name == name }) {
            let format = try type.init(in: folder)
            let corpus = try Corpus(in: "\(corpora)/\(name)")
            try run(cases) { try format.read(corpus.file($0, type.kind, seed: seed)) }
        } else if let type = FuzzFormats.folders.first(where: { $0.name == name }) {
            var format = try type.init(in: folder)
            try run(cases) { number in
                var mutator = Mutator(seed: seed, number: number)
                try format.tryOne(&mutator)
            }
        }
    }

    private static func run(_ cases: Range<Int>, _ tryOne: (Int) throws -> Void) throws {
        for number in cases {
            FuzzReaders.say("\(number)")
            do {
                try tryOne(number)
                FuzzReaders.say("read")
            } catch {
                let reason = "\(error)".prefix(300).replacing("\n", with: " ")
                FuzzReaders.say("\(isNamed(error) ? "refused" : "unnamed") \(reason)")
            }
        }
        FuzzReaders.say("peak \(Environment.peakMemoryBytes)")
    }

    /// Whether the command has an exit code for the error, or a rank or a member an answer to it.
    static func isNamed(_ error: any Error) -> Bool {
        error is ExperimentError || error is ConfigurationError || error is DataError || error is SafetensorsError
            || error is OutputError || error is CheckpointError || error is RecordError || error is WireError
            || error is IdentityError || error is ItemError || error is Breach
    }
}
