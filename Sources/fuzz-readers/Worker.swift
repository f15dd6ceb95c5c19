import Checkpoints
import Configuration
import Datasets
import Experiments
import Foundation
import Records
import Reports
import Safetensors
import Training

/// The process that reads. It tells the number of each file before it reads it.
enum Worker {
    static func run(_ name: String, seed: UInt64, _ cases: Range<Int>, in folder: String) throws {
        guard let type = FuzzFormats.all.first(where: { $0.name == name }) else { return }
        var format = try type.init(in: folder)
        for number in cases {
            FuzzReaders.say("\(number)")
            var mutator = Mutator(seed: seed, number: number)
            do {
                try format.tryOne(&mutator)
                FuzzReaders.say("read")
            } catch {
                let reason = "\(error)".prefix(300).replacing("\n", with: " ")
                FuzzReaders.say("\(isNamed(error) ? "refused" : "unnamed") \(reason)")
            }
        }
        FuzzReaders.say("peak \(Environment.peakMemoryBytes)")
    }

    /// Whether the command has an exit code for the error.
    private static func isNamed(_ error: any Error) -> Bool {
        error is ExperimentError || error is ConfigurationError || error is DataError || error is SafetensorsError
            || error is OutputError || error is CheckpointError || error is RecordError
    }
}
