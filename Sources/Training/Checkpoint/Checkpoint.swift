import Foundation
import Gossip
import Runtime
import Safetensors

/// A checkpoint on the disk that is what was written, to the last bit.
public struct Checkpoint: Sendable {
    public let path: String
    let manifest: CheckpointManifest

    static let manifestName = "manifest.json"
    static let stateName = "state.json"
    static let roundsName = "rounds.safetensors"
    static func peerName(_ peer: Int) -> String {
        let digits = String(peer)
        return "peer-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".safetensors"
    }

    /// The most gradient steps that a peer had made.
    public var step: Int { Int(manifest.step) }

    /// Reads the manifest and compares every file with it.
    public init(verifying path: String) throws(CheckpointError) {
        self.path = path
        let place = "\(path)/\(Self.manifestName)"
        guard let text = FileManager.default.contents(atPath: place) else {
            throw CheckpointError(.damaged, place, "is missing, so the checkpoint is not whole")
        }
        manifest = try CheckpointManifest(text: Array(text), path: place)
        for file in manifest.files { _ = try verified(file) }
    }

    /// The bytes of a file of the checkpoint; nil when it has no such file.
    private func bytes(of name: String) throws(CheckpointError) -> [UInt8]? {
        guard let file = manifest.files.first(where: { $0.name == name }) else { return nil }
        return try verified(file)
    }

    private func verified(_ file: CheckpointManifest.File) throws(CheckpointError) -> [UInt8] {
        let place = "\(path)/\(file.name)"
        guard let data = FileManager.default.contents(atPath: place) else {
            throw CheckpointError(.damaged, place, "is missing or cannot be read, so the checkpoint is not whole")
        }
        let bytes = [UInt8](data)
        guard bytes.count == file.bytes else {
            throw CheckpointError(
                .damaged, place, "has \(bytes.count) bytes, and \(file.bytes) were written: it is truncated or changed")
        }
        guard CheckpointManifest.checksum(of: bytes) == file.crc32 else {
            throw CheckpointError(.damaged, place, "does not have the checksum it was written with: it is damaged")
        }
        return bytes
    }

    /// The words of the run, for a run in which the learners are to make that many steps; as many as they were to make
    /// where none are given.
    func state(steps: [UInt64] = []) throws(CheckpointError) -> RunState {
        let decoder = JSONDecoder.exact
        if !steps.isEmpty { decoder.userInfo[.steps] = ResumedSteps(steps) }
        do {
            guard let bytes = try bytes(of: Self.stateName) else { throw StateError("there is none") }
            return try decoder.decode(RunState.self, from: Data(bytes))
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw unreadable(Self.stateName, error)
        }
    }

    /// The numbers of a peer.
    func numbers(ofPeer peer: Int) throws(CheckpointError) -> Numbers {
        guard let numbers = try numbers(Self.peerName(peer)) else {
            throw CheckpointError(.damaged, path, "has no file of peer \(peer)")
        }
        return numbers
    }

    /// The models of unfinished rounds of testing.
    func roundNumbers() throws(CheckpointError) -> Numbers { try numbers(Self.roundsName) ?? Numbers() }

    private func numbers(_ name: String) throws(CheckpointError) -> Numbers? {
        guard let bytes = try bytes(of: name) else { return nil }
        do {
            return try Numbers(SafetensorsFile(bytes: bytes, path: "\(path)/\(name)"))
        } catch {
            throw unreadable(name, error)
        }
    }

    /// The complaint about a file that has the right checksum and does not hold what it should: a build that writes
    /// otherwise has written it.
    func unreadable(_ name: String, _ error: any Error) -> CheckpointError {
        CheckpointError(
            .damaged, "\(path)/\(name)",
            "cannot be read by this build (\(murmurVersion); written by \(manifest.version)): \(error)")
    }
}
