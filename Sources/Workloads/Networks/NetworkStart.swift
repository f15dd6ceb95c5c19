import CDeflate
import Configuration
package import Experiments
import Foundation
package import Models
package import Safetensors
package import Vectors

/// What the peers of a run start from: saved weights, or draws from the seed.
package struct NetworkStart: Sendable {
    private let network: Network
    private let experiment: Experiment
    private let saved: Payload?
    /// What the mean and variance of each batch-norm begin with: the saved ones, or 0 and 1.
    package let statistics: [Float]
    /// The CRC-32 of the saved weights; nil where there are none.
    package let fingerprint: String?

    /// Throws `SafetensorsError` for weights that are missing or those of another network.
    package init(_ network: Network, _ experiment: Experiment) throws(SafetensorsError) {
        self.network = network
        self.experiment = experiment
        guard let path = experiment.weights.map({ ($0 as NSString).expandingTildeInPath }) else {
            (saved, statistics, fingerprint) = (nil, network.initialStatistics(), nil)
            return
        }
        let weights = try SavedWeights(of: network, in: Self.file(path, experiment), path)
        saved = Payload(weights.parameters)
        statistics = weights.statistics ?? network.initialStatistics()
        let bytes = (weights.parameters + statistics).flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
        }
        fingerprint = libdeflate_crc32(0, bytes, bytes.count).hexadecimal
    }

    private static func file(_ path: String, _ experiment: Experiment) throws(SafetensorsError) -> SafetensorsFile {
        do throws(SafetensorsError) {
            return try SafetensorsFile(readingFrom: path)
        } catch {
            guard error.kind == .missing, experiment.checkpoint.resume != nil else { throw error }
            throw SafetensorsError(
                .missing, path: error.path,
                error.reason + "; a run that goes on from a checkpoint has its models there: model.weights=null goes "
                    + "on without the file")
        }
    }

    /// The model that a peer starts from.
    package func parameters(of peer: Int) -> FlatVector {
        if let saved { return FlatVector(saved.array()) }
        return experiment.commonStart
            ? network.initialParameters(seed: UInt64(experiment.seed), peer: 0)
            : network.initialParameters(seed: experiment.drawSeed, peer: peer)
    }
}
