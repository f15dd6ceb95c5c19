import Configuration
import Foundation
import Gossip
package import Graphs
import Records
package import Runtime
package import Safetensors

/// A checkpoint on the disk that is what was written, to the last bit.
public struct Checkpoint: Sendable {
    /// The folder of the checkpoint, as it was given.
    public let path: String
    package let manifest: CheckpointManifest

    package static let manifestName = "manifest.json"
    package static let stateName = "state.json"
    package static let roundsName = "rounds.safetensors"
    package static func peerName(_ peer: Int) -> String {
        let digits = String(peer)
        return "peer-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".safetensors"
    }

    /// The longest that the words of a run may be: those of a thousand peers that all talk are a fifth of it.
    private static let longestState = 1 << 30
    private static let longestManifest = 1 << 26

    /// The most gradient steps that a peer had made.
    public var step: Int { Int(manifest.step) }

    /// Reads the manifest and compares every file with it.
    public init(verifying path: String) throws(CheckpointError) {
        self.path = path
        let place = "\(path)/\(Self.manifestName)"
        let text = try Self.content(of: place, atMost: Self.longestManifest)
        manifest = try CheckpointManifest(text: [UInt8](text), path: place)
        for file in manifest.files { _ = try verified(file) }
    }

    private static func content(of path: String, atMost limit: Int) throws(CheckpointError) -> Data {
        do {
            return try DurableFiles.content(of: path, atMost: limit)
        } catch .missing {
            throw CheckpointError(.damaged, path, "is missing, so the checkpoint is not whole")
        } catch {
            throw CheckpointError(.damaged, path, "\(error), so the checkpoint is not whole")
        }
    }

    /// The bytes of a file of the checkpoint; nil when it has no such file.
    private func bytes(of name: String) throws(CheckpointError) -> Data? {
        guard let file = manifest.files.first(where: { $0.name == name }) else { return nil }
        return try verified(file)
    }

    private func verified(_ file: CheckpointManifest.File) throws(CheckpointError) -> Data {
        let place = "\(path)/\(file.name)"
        let limit = file.name == Self.stateName ? Self.longestState : Int.max
        let length = try? DurableFiles.length(of: place)
        guard length == nil || length == file.bytes else {
            throw CheckpointError(
                .damaged, place,
                "has \(length ?? 0) bytes, and \(file.bytes) were written: it is truncated or changed")
        }
        let data = try Self.content(of: place, atMost: limit)
        guard CheckpointManifest.checksum(of: data) == file.crc32 else {
            throw CheckpointError(.damaged, place, "does not have the checksum it was written with: it is damaged")
        }
        return data
    }

    /// The words of the run, for a run in which the learners are to make that many steps; as many as they were to make
    /// where none are given. Graphs in it are compared with the one given, and not built again.
    package func state(steps: [UInt64] = [], on graph: Graph? = nil) throws(CheckpointError) -> RunState {
        let decoder = JSONDecoder.exact
        if !steps.isEmpty { decoder.userInfo[.steps] = ResumedSteps(steps) }
        decoder.userInfo[.graph] = graph
        do {
            guard let bytes = try bytes(of: Self.stateName) else { throw StateError("there is none") }
            return try decoder.decode(RunState.self, from: bytes)
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw unreadable(Self.stateName, error)
        }
    }

    /// The numbers of a peer.
    package func numbers(ofPeer peer: Int) throws(CheckpointError) -> StateDict { StateDict(try tensors(ofPeer: peer)) }

    /// The tensors of a peer: of long ones nothing is read before it is asked for.
    package func tensors(ofPeer peer: Int) throws(CheckpointError) -> SafetensorsFile {
        guard let file = try tensors(Self.peerName(peer)) else {
            throw CheckpointError(.damaged, path, "has no file of peer \(peer)")
        }
        return file
    }

    /// The models of unfinished rounds of testing.
    package func roundTensors() throws(CheckpointError) -> SafetensorsFile {
        try tensors(Self.roundsName) ?? SafetensorsFile(tensors: [])
    }

    private func tensors(_ name: String) throws(CheckpointError) -> SafetensorsFile? {
        guard let bytes = try bytes(of: name) else { return nil }
        do {
            return try SafetensorsFile(data: bytes, path: "\(path)/\(name)")
        } catch {
            throw CheckpointError(.damaged, error.path, error.reason)
        }
    }

    /// The complaint about a file that has the right checksum and does not hold what it should: another build, or
    /// somebody's hand, has written it.
    package func unreadable(_ name: String, _ error: any Error) -> CheckpointError {
        CheckpointError(
            .damaged, "\(path)/\(name)",
            "cannot be read by this build (\(murmurVersion); written by \(manifest.version)): \(Self.reason(error))")
    }

    /// What is wrong, with the key where that is known.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            let place = path(context)
            return "'\(place.isEmpty ? key.stringValue : "\(place).\(key.stringValue)")' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "'\(path(context))' has a value of another type"
        case .dataCorrupted(let context):
            let place = path(context)
            return place.isEmpty ? "it is not JSON" : "'\(place)' has a value that it never has"
        @unknown default: return "\(error)"
        }
    }
}
