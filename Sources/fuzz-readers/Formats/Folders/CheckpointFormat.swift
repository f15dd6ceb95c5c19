import CDeflate
import Checkpoints
import Configuration
import Experiments
import Foundation
import Runs
import Training

/// Checkpoints of every kind of algorithm, changed and given the checksums that they have then; a run goes on from each
/// that is taken for one, to its end.
struct CheckpointFormat: FuzzFormat {
    static let name = "checkpoint"

    private struct Saved {
        let plan: TrainingPlan
        let experiment: Experiment
        let files: [(name: String, bytes: [UInt8])]
    }

    private static let algorithms: [[String]] = [
        ["gosgd"], ["dpsgd", "topology.name=ring"], ["fedavg"], ["easgd"], ["aeasgd"], ["downpour"], ["allreduce"],
        ["sgp"], ["osgp"], ["grsgd"], ["relaysgd"], ["local-sgd"], ["gossip-pull"], ["gossip-push"],
        ["gossip-pull", "algorithm.synchronous=true"], ["gradient-tracking"], ["d2"], ["slowmo"], ["noloco"],
        ["mesbah"], ["extra"], ["diloco"], ["centralized", "peers=1"], ["powergossip", "topology.name=ring"],
    ]

    private let folder: String
    private var saved: [Saved?]

    init(in folder: String) throws {
        self.folder = folder
        saved = Self.algorithms.map { _ in nil }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        let index = mutator.below(saved.count)
        let base = try saved[index] ?? Self.save(Self.algorithms[index], in: "\(folder)/\(index)", resumed: place)
        saved[index] = base
        try write(base.files, changedBy: &mutator)
        guard let resumption = try Resumption(base.experiment, output: "\(folder)/elsewhere") else { return }
        try resumption.check(base.plan)
        _ = try TrainingRun(base.plan, metrics: nil, from: resumption.checkpoint).run()
    }

    private var place: String { "\(folder)/step-1" }

    /// Carries a run out, of whose checkpoints the first is kept.
    private static func save(_ algorithm: [String], in folder: String, resumed place: String) throws -> Saved {
        let settings =
            ["peers=3"] + algorithm.dropFirst() + ["algorithm.name=\(algorithm[0])"]
            + SmallRun.settings.filter { !$0.hasPrefix("peers") && !$0.hasPrefix("epochs") } + ["steps=9"]
        let first = try loaded(
            settings + ["checkpoint.every_epochs=1", "checkpoint.keep_last=100", "evaluate.every_epochs=1"])
        let run = TrainingRun.self
        _ = try run.init(
            TrainingPlan(first, places: SmallRun.places), metrics: nil,
            checkpoints: CheckpointFolder(run: makeFolder(folder), keepLast: 100)
        ).run()
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/checkpoints").sorted()
        let path = "\(folder)/checkpoints/\(names[0])"
        let again = try loaded(settings + ["checkpoint.resume=\(place)"])
        let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
            (name, [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)"))))
        }
        return Saved(
            plan: try TrainingPlan(again, places: SmallRun.places), experiment: again.experiment, files: files)
    }

    private static func makeFolder(_ path: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Writes the files, one of them changed, most often the words of the run; with a manifest that says so.
    private func write(_ files: [(name: String, bytes: [UInt8])], changedBy mutator: inout Mutator) throws {
        _ = try Self.makeFolder(place)
        let numbers = files.filter { $0.name.hasSuffix(".safetensors") }.map(\.name)
        let chosen =
            switch mutator.below(10) {
            case 0: "manifest.json"
            case 1, 2: numbers[mutator.below(numbers.count)]
            default: "state.json"
            }
        var sums: [(name: String, bytes: Int, crc32: String)] = []
        for (name, bytes) in files where name != "manifest.json" {
            let now = name == chosen ? mutator.changed(bytes, name.hasSuffix(".json") ? .json : .tensors) : bytes
            try Data(now).write(to: URL(filePath: "\(place)/\(name)"))
            sums.append((name, now.count, Self.checksum(now)))
        }
        let manifest = files.first { $0.name == "manifest.json" }?.bytes ?? []
        let changed = chosen == "manifest.json" ? mutator.changed(manifest, .json) : manifest
        try Data(Self.sealed(changed, sums, keepsFiles: chosen == "manifest.json")).write(
            to: URL(filePath: "\(place)/manifest.json"))
    }

    /// The manifest with the sums of the files and its own; as it is where it is no longer JSON.
    private static func sealed(
        _ text: [UInt8], _ sums: [(name: String, bytes: Int, crc32: String)], keepsFiles: Bool
    ) -> [UInt8] {
        guard case .object(let entries)? = try? JSON(parsing: text),
            case .object(var manifest)? = entries.first(where: { $0.key == "manifest" })?.value
        else { return text }
        if !keepsFiles {
            manifest.removeAll { $0.key == "files" }
            manifest.append(
                (
                    "files",
                    .array(
                        sums.map {
                            .object([
                                ("name", .string($0.name)), ("bytes", .integer($0.bytes)),
                                ("crc32", .string($0.crc32)),
                            ])
                        })
                ))
        }
        let body = JSON.object(manifest).sorted
        let sum = checksum(Array(body.text.replacing("/", with: "\\/").utf8))
        return Array(JSON.object([("checksum", .string(sum)), ("manifest", body)]).text.utf8)
    }

    private static func checksum(_ bytes: [UInt8]) -> String {
        let digits = String(libdeflate_crc32(0, bytes, bytes.count), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
