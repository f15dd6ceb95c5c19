import CDeflate
import Configuration
package import Foundation
import Gossip
import Records
package import Vectors

/// What a checkpoint is of, and which files with which bytes belong to it: `manifest.json`, written last.
package struct CheckpointManifest: Codable, Sendable, Hashable {
    package struct File: Codable, Sendable, Hashable {
        package let name: String
        package let bytes: Int
        package let crc32: String
    }

    /// The form of all files of a checkpoint; another number for every change that an older build cannot read.
    package static let format = 1

    package var format = CheckpointManifest.format
    /// The build that wrote it.
    package var version = murmurVersion
    /// Gradient steps that each peer has made.
    package var stepsMade: [UInt64]
    /// Gradient steps that the peer which makes the most was to make.
    package var steps: UInt64
    /// Those of each peer; nil in checkpoints of versions in which all made the same number.
    package var learnerSteps: [UInt64]?
    /// Numbers in a model, and the fingerprint of their names and shapes.
    package var parameters: Int
    package var layout: String
    /// What tells the samples from others; nil in checkpoints of versions that did not say it.
    package var data: String?
    /// The settings of the experiment, each as it is written in its file.
    package var settings: [String: String]
    package var files: [File] = []

    /// The manifest of a run in which the peers have made these steps, without files.
    ///
    /// - Parameters:
    ///   - steps: gradient steps of the longest share, and those that each learner was to make.
    ///   - data: the fingerprint of what was learned from.
    ///   - settings: those of the experiment, each as it is written in its file.
    package init(
        stepsMade: [UInt64], of steps: UInt64, learnerSteps: [UInt64], data: String, layout: VectorLayout,
        settings: [(String, String)]
    ) {
        self.stepsMade = stepsMade
        self.steps = steps
        self.learnerSteps = learnerSteps
        self.data = data
        parameters = layout.count
        self.layout = layout.fingerprint.hexadecimal
        self.settings = Dictionary(uniqueKeysWithValues: settings)
    }

    /// The most steps that a peer has made.
    package var step: UInt64 { stepsMade.max() ?? 0 }

    /// The first peer that had made all its steps, and how many these were.
    package var ended: (peer: Int, steps: UInt64)? {
        for (peer, made) in stepsMade.enumerated() {
            let wanted = learnerSteps.flatMap { $0.indices.contains(peer) ? $0[peer] : nil } ?? steps
            if made >= wanted { return (peer, wanted) }
        }
        return nil
    }

    private struct Sealed: Codable {
        let checksum: String
        let manifest: CheckpointManifest
    }

    /// The text of the file, which holds its own checksum.
    package func text() throws -> [UInt8] {
        let encoder = JSONEncoder.exact
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try Array(encoder.encode(Sealed(checksum: try checksum(), manifest: self))) + [UInt8(ascii: "\n")]
    }

    /// Reads the text of the file at `path`.
    package init(text: [UInt8], path: String) throws(CheckpointError) {
        struct Form: Decodable {
            struct Manifest: Decodable {
                let format: Int
                let version: String
            }
            let manifest: Manifest
        }
        let data = Data(text)
        guard let form = try? JSONDecoder.exact.decode(Form.self, from: data).manifest else {
            throw CheckpointError(.damaged, path, "is no manifest of a checkpoint: it is truncated or damaged")
        }
        guard form.format == Self.format else {
            throw CheckpointError(
                .damaged, path,
                "was written by murmur \(form.version) in format \(form.format), and this build (\(murmurVersion)) "
                    + "reads format \(Self.format); resume with the build that wrote it")
        }
        guard let sealed = try? JSONDecoder.exact.decode(Sealed.self, from: data),
            let checksum = try? sealed.manifest.checksum(), checksum == sealed.checksum
        else { throw CheckpointError(.damaged, path, "does not have the checksum it was written with") }
        self = sealed.manifest
        if let reason = misfit { throw CheckpointError(.damaged, path, reason) }
    }

    /// What no run writes, as a clause; nil for a manifest that may be one's.
    private var misfit: String? {
        guard !stepsMade.isEmpty, (stepsMade + [steps]).allSatisfy({ $0 <= StateAudit.countLimit }), parameters >= 0
        else { return "counts what no run comes to" }
        // Nothing but these is ever opened, so no name leads out of the folder.
        let allowed = [Checkpoint.stateName, Checkpoint.roundsName]
        let peers = Set(files.indices.map { Checkpoint.peerName($0) })
        var seen: Set<String> = []
        for file in files {
            guard allowed.contains(file.name) || peers.contains(file.name), seen.insert(file.name).inserted else {
                return "names the file '\(file.name)', which no checkpoint has, or has once"
            }
        }
        return seen.contains(Checkpoint.stateName) ? nil : "names no \(Checkpoint.stateName)"
    }

    private func checksum() throws -> String {
        let encoder = JSONEncoder.exact
        encoder.outputFormatting = [.sortedKeys]
        return Self.checksum(of: Array(try encoder.encode(self)))
    }

    /// The CRC-32 of bytes, in hexadecimal, read in blocks: a long file is mapped.
    package static func checksum(of bytes: some DataProtocol) -> String {
        var sum: UInt32 = 0
        var rest = bytes[...]
        while !rest.isEmpty {
            let block = [UInt8](rest.prefix(1 << 20))
            sum = libdeflate_crc32(sum, block, block.count)
            rest = rest.dropFirst(block.count)
        }
        return sum.hexadecimal
    }
}

extension JSONEncoder {
    /// Writes integers and floating-point numbers such that `JSONDecoder.exact` reads the same bits, but for those of a
    /// NaN, which stays one.
    package static var exact: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }
}

extension JSONDecoder {
    package static var exact: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }
}
