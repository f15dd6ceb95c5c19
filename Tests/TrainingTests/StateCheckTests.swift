import Foundation
import Runs
import TestKit
import Testing

@testable import Checkpoints
@testable import Training

/// Checkpoints whose words were changed and whose checksums were made again: each is refused with the file and the key.
@Suite struct StateCheckTests {
    /// Lends the folder of a run with one checkpoint of its middle, and its plan.
    private func withRun(
        _ settings: [String], _ body: (_ run: String, _ plan: TrainingPlan) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let all = settings + ["epochs=2", "checkpoint.resume=last"]
            let plan = try ResumedRuns.plan(all)
            _ = try ResumedRuns.run(plan, in: "\(folder)/run")
            let names = CheckpointFolder.names(in: "\(folder)/run/checkpoints")
            try #require(names.count > 3)
            for name in names where name != names[1] {
                try FileManager.default.removeItem(atPath: "\(folder)/run/checkpoints/\(name)")
            }
            try body("\(folder)/run", plan)
        }
    }

    /// The newest checkpoint of a run.
    private func newest(_ run: String) throws -> String {
        "\(run)/checkpoints/\(try #require(CheckpointFolder.names(in: "\(run)/checkpoints").last))"
    }

    /// Changes a file of a checkpoint and gives it its right checksums.
    private func change(_ name: String, of path: String, _ change: (inout String) throws -> Void) throws {
        var text = String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
        let before = text
        try change(&text)
        try #require(text != before, "nothing was changed in \(name)")
        try put(Data(text.utf8), name, of: path)
    }

    private func put(_ data: Data, _ name: String, of path: String, as other: String? = nil) throws {
        try data.write(to: URL(filePath: "\(path)/\(name)"))
        var manifest = try CheckpointManifest(
            text: [UInt8](Data(contentsOf: URL(filePath: "\(path)/manifest.json"))), path: path)
        manifest.files =
            manifest.files.filter { $0.name != name } + [
                CheckpointManifest.File(
                    name: other ?? name, bytes: data.count, crc32: CheckpointManifest.checksum(of: data))
            ]
        try Data(manifest.text()).write(to: URL(filePath: "\(path)/manifest.json"))
    }

    /// What is said when the run is to go on.
    private func refusal(_ run: String, _ plan: TrainingPlan) throws -> CheckpointError {
        try #require(throws: CheckpointError.self) {
            let resumption = try #require(try Resumption(plan.experiment, output: run))
            try resumption.check(plan)
        }
    }

    @Test(arguments: [
        // Counts that sums would overflow with.
        (#""lastSent":"#, "9223372036854775807", "counts more than any run comes to"),
        (#""handled":"#, "18446744073709551615", "counts more than any run comes to"),
        (#""samples":"#, "9223372036854775800", "more than any run comes to"),
        (#""metricsLines":"#, "-1", "'metricsLines' is -1"),
        (#""trainingNanoseconds":"#, "9223372036854775807", "a time that no run comes to"),
        // What the peers say of each other.
        (#""lastSent":"#, "100000", "do not agree"), (#""handled":"#, "0", "do not agree"),
        (#""isFenced":"#, "true", "one of them does not hear the other"),
        // Peers that are not.
        (#""averaging":{"early":[],"me":"#, "7", "'averaging.me' is not what the settings make of it"),
        (#""peer":"#, "9", "is with peer 9"),
        // What the settings settled.
        (#""probability":"#, "0.75", "is not what the settings make of it"),
        (#""isGradientAway":"#, "false", "do not agree"),
    ])
    func wordsThatNoRunWritesAreRefused(key: String, value: String, words: String) throws {
        try withRun(["algorithm.name=gosgd", "peers=2", "algorithm.probability=1"]) { run, plan in
            let path = try newest(run)
            try change("state.json", of: path) { text in
                let place = try #require(text.range(of: key), "there is no \(key) in \(text.prefix(2000))")
                let end = try #require(text[place.upperBound...].firstIndex { ",}]".contains($0) })
                text.replaceSubrange(place.upperBound..<end, with: value)
            }
            let error = try refusal(run, plan)
            #expect(error.kind == .damaged && error.path == "\(path)/state.json", "\(error)")
            #expect(error.reason.contains(words), "\(error)")
        }
    }

    @Test func aSectionThatIsMissingIsNamed() throws {
        try withRun(["algorithm.name=gosgd", "peers=2"]) { run, plan in
            try change("state.json", of: newest(run)) { $0 = $0.replacing(#""progress":"#, with: #""progres":"#) }
            #expect(try refusal(run, plan).reason.contains("'peers.0.progress' is missing"))
        }
    }

    @Test func aPayloadThatNobodyHoldsIsRefused() throws {
        // A learner that has asked for the centre's model in the step that is to come holds none; one is made up.
        try withRun(["algorithm.name=easgd", "algorithm.period=1", "peers=2"]) { run, plan in
            try change("state.json", of: newest(run)) { text in
                let place = try #require(text.firstRange(of: /"received":\[[^\]]*\]/))
                text.replaceSubrange(place, with: #""received":[]"#)
            }
            let error = try refusal(run, plan)
            #expect(error.reason.contains("is named, and nobody holds it"), "\(error)")
        }
    }

    /// The graph is the experiment's, and not built from what the file says: a graph of 0 peers traps.
    @Test(arguments: [#""peers":0"#, #""peers":1000000000"#, #""peers":2,"seed":99"#])
    func theGraphIsTheRuns(graph: String) throws {
        try withRun(["algorithm.name=gosgd", "peers=2"]) { run, plan in
            try change("state.json", of: newest(run)) { text in
                text = text.replacing(/"peers":2,"seed":\d+/, with: graph, maxReplacements: 1)
            }
            #expect(try refusal(run, plan).reason.contains("graph"))
        }
    }

    @Test func numbersOfAnotherLengthAreRefused() throws {
        try withRun(["algorithm.name=gosgd", "peers=2"]) { run, plan in
            let path = try newest(run)
            let name = "peer-001.safetensors"
            let whole = try Data(contentsOf: URL(filePath: "\(path)/\(name)"))
            for (old, new, words) in [
                ("\"model\"", "\"modem\"", "nobody needs its tensor 'modem'"),
                ("\"pending\"", "\"named.7\"", "lacks 'pending'"),
                ("\"optimizer.momentum\"", "\"payload.000000003\"", "nobody needs its tensor"),
            ] {
                var data = whole
                let place = try #require(data.range(of: Data(old.utf8)), "no \(old)")
                data.replaceSubrange(place, with: Data(new.utf8.prefix(old.utf8.count)))
                guard data.count == whole.count else { continue }
                try put(data, name, of: path)
                let error = try refusal(run, plan)
                #expect(error.path == "\(path)/\(name)" && error.reason.contains(words), "\(error)")
            }
        }
    }

    /// Names that lead out of the folder, or that no checkpoint has, are not opened.
    @Test(arguments: ["../../config.yaml", "/etc/passwd", "peer-000.safetensors/../state.json", "peer-999.safetensors"])
    func noNameLeadsOutOfTheFolder(name: String) throws {
        try withRun(["algorithm.name=gosgd", "peers=2"]) { run, plan in
            let path = try newest(run)
            let rounds = Data("x".utf8)
            try put(rounds, "rounds.safetensors", of: path, as: name)
            let error = try refusal(run, plan)
            #expect(error.kind == .damaged && error.path == "\(path)/manifest.json")
            #expect(error.reason.contains("names the file '\(name)'"), "\(error)")
        }
    }

    /// A file is as long as the manifest says, or is not read: here 5 GB, a hole.
    @Test func aFileThatIsTooLongIsNotRead() throws {
        try withRun(["algorithm.name=gosgd", "peers=2"]) { run, plan in
            let path = try newest(run)
            try #require(truncate("\(path)/peer-000.safetensors", 5 << 30) == 0)
            #expect(try refusal(run, plan).reason.contains("has 5368709120 bytes"))
            try FileManager.default.removeItem(atPath: "\(path)/peer-000.safetensors")
            try #require(mkfifo("\(path)/peer-000.safetensors", 0o644) == 0)
            #expect(try refusal(run, plan).reason.contains("no regular file"))
        }
    }

    /// States that fit each by itself and not together: nobody would ever go on.
    @Test func aRunThatStandsStillEnds() throws {
        try withRun(["algorithm.name=dpsgd", "topology.name=ring", "peers=3"]) { run, plan in
            try change("state.json", of: newest(run)) { text in
                // Peer 0 makes the next round as another one than its neighbours.
                let place = try #require(text.firstRange(of: /"step":\d+/))
                text.replaceSubrange(place, with: #""step":2"#)
            }
            let resumption = try #require(try Resumption(plan.experiment, output: run))
            let error = try #require(throws: CheckpointError.self) {
                try resumption.check(plan)
                _ = try TrainingRun(plan, metrics: nil, from: resumption.checkpoint).run()
            }
            #expect(error.kind == .damaged, "\(error)")
        }
    }
}
