import Datasets
import Foundation
import Randomness
import Records
import Runs
import TestKit
import Testing

@testable import Checkpoints
@testable import Experiments
@testable import Training

/// What is refused, with which words, and what is found.
@Suite struct ResumptionTests {
    private static let settings = ["algorithm.name=gosgd", "peers=2", "epochs=3"]

    /// Lends the folder of a run with checkpoints.
    private func withRun(_ body: (_ run: String, _ folder: String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            _ = try ResumedRuns.run(ResumedRuns.plan(Self.settings), in: "\(folder)/run")
            try Data("{}".utf8).write(to: URL(filePath: "\(folder)/run/summary.json"))
            try body("\(folder)/run", folder)
        }
    }

    private func resume(_ overrides: [String] = [], _ resume: String = "last", output: String?) throws -> Resumption {
        let plan = try ResumedRuns.plan(Self.settings + overrides + ["checkpoint.resume=\"\(resume)\""])
        let resumption = try #require(try Resumption(plan.experiment, output: output))
        return try resumption.check(plan)
    }

    private func refusal(_ overrides: [String] = [], _ path: String = "last", output: String?) throws -> CheckpointError
    {
        try #require(throws: CheckpointError.self) { _ = try resume(overrides, path, output: output) }
    }

    private func newest(_ run: String, _ place: Int = 0) throws -> String {
        let names = CheckpointFolder.names(in: "\(run)/checkpoints")
        return "\(run)/checkpoints/\(names[names.count - 1 - place])"
    }

    private func files(of folder: String) throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return Dictionary(
            uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: "\(folder)/\($0)") ?? Data()) })
    }

    @Test func theNewestIsFoundByFolderAndByPath() throws {
        try withRun { run, folder in
            let newest = try newest(run)
            for (path, output, isInPlace) in [
                ("last", run, true), ("last", run + "/", true), (run, nil, true), (newest, nil, true),
                (newest + "/", run, true), (newest, "\(folder)/elsewhere", false),
            ] as [(String, String?, Bool)] {
                let found = try resume(path, output: output)
                #expect(found.checkpoint?.path == newest)
                #expect(found.isInPlace == isInPlace)
                #expect(found.run == run)
            }
            #expect(try resume(self.newest(run, 1), output: nil).checkpoint?.path == self.newest(run, 1))
            #expect(try Resumption(ResumedRuns.plan(Self.settings).experiment, output: run) == nil)
        }
    }

    private func resume(_ path: String, output: String?) throws -> Resumption {
        try resume([], path, output: output)
    }

    @Test func whatIsNotThereIsMissed() throws {
        try withRun { run, folder in
            #expect(try refusal(output: "\(folder)/nowhere").kind == .missing)
            #expect(try refusal([], "\(folder)/nowhere", output: nil).kind == .missing)
            #expect(try refusal([], "\(run)/config.yaml", output: nil).kind == .missing)
            try FileManager.default.removeItem(atPath: "\(run)/checkpoints")
            // It ended, and saved nothing.
            let error = try refusal(output: run)
            #expect(error.kind == .missing)
            #expect(error.description.contains("leave checkpoint.resume out"))
        }
    }

    @Test func aRunCutOffBeforeItsFirstCheckpointBeginsAgain() throws {
        try withRun { run, _ in
            try FileManager.default.removeItem(atPath: "\(run)/checkpoints")
            try FileManager.default.removeItem(atPath: "\(run)/summary.json")
            let found = try resume(output: run)
            #expect(found.checkpoint == nil && found.isInPlace)
            let folder = try #require(try found.folder())
            _ = try found.metrics(in: folder)
            #expect(text("\(run)/metrics.jsonl") == "")
        }
    }

    private func resume(output: String?) throws -> Resumption { try resume([], "last", output: output) }

    @Test(arguments: [
        ("model.name=softmax", "model.name: mlp"), ("model.hidden=[8]", "model.hidden: [7]"),
        ("peers=3", "peers: 2"), ("batch=9", "batch: 8"), ("seed=2", "seed: 1"),
        ("algorithm.name=allreduce", "algorithm.name: gosgd"),
        ("algorithm.probability=0.3", "algorithm.probability: 0.1"),
        ("optimizer.name=sgd", "optimizer.name: momentum"), ("optimizer.learning_rate=1", "learning_rate: 0.05"),
        ("topology.name=ring", "topology.name: complete"), ("data.samples=99", "data.samples: 100"),
        ("schedule={name: step, every: 1}", "schedule.name: constant"),
        ("data.last_batch=drop", "data.last_batch: keep"),
    ])
    func aCheckpointOfAnotherExperimentIsRefused(override: String, former: String) throws {
        try withRun { run, _ in
            let before = try files(of: run)
            let own = override == "model.name=softmax" ? ["model.name=softmax", "model.hidden=null"] : [override]
            let error = try refusalOf(own, run)
            #expect(error.kind == .unfit)
            #expect(try error.path == newest(run))
            #expect(error.reason.contains("was made with"), "\(error)")
            #expect(error.reason.contains(former), "\(error)")
            #expect(try files(of: run) == before)
        }
    }

    /// As `refusal`, without the options that another model does not have.
    private func refusalOf(_ overrides: [String], _ run: String) throws -> CheckpointError {
        guard overrides.contains("model.name=softmax") else { return try refusal(overrides, output: run) }
        let loaded = try LoadedExperiment(
            file: nil,
            overrides: Self.settings + [
                "data.name=synthetic", "data.samples=100", "data.size=4", "data.classes=3", "model.name=softmax",
                "batch=8", "checkpoint.resume=last",
            ], registries: .all)
        let plan = try TrainingPlan(loaded, places: .init(collection: nil, home: nil))
        let found = try #require(try Resumption(plan.experiment, output: run))
        return try #require(throws: CheckpointError.self) { try found.check(plan) }
    }

    @Test(arguments: [
        "epochs=5", "evaluate.every_epochs=3", "evaluate.target_accuracy=0.3", "checkpoint.every_epochs=2",
        "checkpoint.keep_last=1", "name=other", "threads_per_peer=2", "steps=40",
    ])
    func whatChangesNothingSavedMayDiffer(override: String) throws {
        try withRun { run, _ in
            let found = try resume([override], output: run)
            #expect(found.checkpoint != nil)
        }
    }

    /// The last checkpoint is of the end: what is to become longer goes on from the one before it.
    @Test func aRunThatHadEndedBecomesLonger() throws {
        try withRun { run, _ in
            #expect(try resume(output: run).checkpoint?.path == newest(run))
            #expect(try resume(["epochs=6"], output: run).checkpoint?.path == newest(run, 1))
            let named = try refusal(["epochs=6"], newest(run), output: run)
            #expect(named.reason.contains("had ended after"))
        }
    }

    @Test func otherSamplesOfTheSameCountAreRefused() throws {
        try withRun { run, _ in
            let path = try newest(run)
            let here = try #require(try Checkpoint(verifying: path).manifest.data)
            try rewrite(path) { $0.data = "80 samples, 12345678" }
            let error = try refusal(output: run)
            #expect(
                error.kind == .unfit
                    && error.reason.contains("learned from other samples or weights (80 samples, 12345678)"))
            #expect(error.reason.contains(here) && error.reason.contains("data.path"))
            // A version that did not say what it learned from is believed.
            try rewrite(path) { $0.data = nil }
            #expect(try resume(output: run).checkpoint?.path == path)
        }
    }

    /// Whose rate goes by the length of the run, that is told when the length changes.
    @Test(arguments: [
        ("schedule.name=cosine", 1), ("schedule={name: step, every: 1}", 0), ("schedule.name=inverse", 0),
    ])
    func aScheduleThatGoesByTheLengthIsNamed(schedule: String, remarks: Int) throws {
        try withTemporaryFolder { folder in
            let settings = Self.settings + [schedule]
            _ = try ResumedRuns.run(ResumedRuns.plan(settings), in: "\(folder)/run")
            func found(_ epochs: String) throws -> [String] {
                let plan = try ResumedRuns.plan(settings + [epochs, "checkpoint.resume=last"])
                return try #require(try Resumption(plan.experiment, output: "\(folder)/run")).check(plan).remarks
            }
            #expect(try found("epochs=3").isEmpty)
            let longer = try found("epochs=6")
            #expect(longer.count == remarks && longer.allSatisfy { $0.hasPrefix("schedule.name: cosine goes by") })
        }
    }

    @Test func aRunCannotEndBeforeItsCheckpoint() throws {
        try withRun { run, _ in
            let error = try refusal(["steps=3"], output: run)
            #expect(error.kind == .unfit)
            #expect(error.reason.contains("ends after 3"))
        }
    }

    /// The manifest of a checkpoint, changed and given its right checksum.
    private func rewrite(_ path: String, _ change: (inout CheckpointManifest) -> Void) throws {
        var manifest = try Checkpoint(verifying: path).manifest
        change(&manifest)
        try Data(manifest.text()).write(to: URL(filePath: "\(path)/manifest.json"))
    }

    @Test func anotherLayoutVersionOrNumberOfPeersIsRefused() throws {
        try withRun { run, _ in
            let path = try newest(run)
            let layoutHere = try Checkpoint(verifying: path).manifest.layout
            try rewrite(path) { $0.layout = "0123456789abcdef" }
            let layout = try refusal(output: run)
            #expect(layout.kind == .unfit && layout.reason.contains("another layout"))
            try rewrite(path) {
                $0.layout = layoutHere
                $0.stepsMade.append(3)
            }
            let peers = try refusal(output: run)
            #expect(peers.kind == .unfit && peers.reason.contains("is of 3 peers"))
            try rewrite(path) {
                $0.stepsMade.removeLast()
                $0.format = 2
                $0.version = "7.0"
            }
            let version = try refusal(output: run)
            #expect(version.kind == .damaged && version.reason.contains("by murmur 7.0 in format 2"))
        }
    }

    /// Every file of the newest checkpoint, a bit of it flipped anywhere, or its end cut off, or gone.
    @Test func damageIsFoundAndTheOneBeforeOffered() throws {
        try withRun { run, _ in
            let path = try newest(run)
            let older = try newest(run, 1)
            var random = RandomStream(seed: 1, purpose: .test)
            let before = try files(of: path)
            #expect(before.keys.sorted().first == "manifest.json" && before.count >= 4)
            for (name, content) in before.sorted(by: { $0.key < $1.key }) {
                let file = "\(path)/\(name)"
                for trial in 0..<40 {
                    var bytes = content
                    if trial < 30 {
                        let bit = random.integer(below: bytes.count * 8)
                        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                        // White space in JSON says nothing.
                        if name == "manifest.json", same(bytes, content) { continue }
                    } else {
                        bytes = bytes.prefix(random.integer(below: bytes.count - 1))
                    }
                    try bytes.write(to: URL(filePath: file))
                    let error = try refusal(output: run)
                    #expect(error.kind == .damaged && error.path == file, "\(error)")
                    #expect(error.reason.contains("checkpoint.resume=\(older)"), "\(error)")
                }
                try FileManager.default.removeItem(atPath: file)
                let error = try refusal(output: run)
                #expect(error.kind == .damaged && error.path == file && error.reason.contains("is missing"))
                try content.write(to: URL(filePath: file))
            }
            #expect(try resume(output: run).checkpoint?.path == path)
            #expect(try resume(older, output: run).checkpoint?.path == older)
        }
    }

    private func same(_ first: Data, _ second: Data) -> Bool {
        func object(_ data: Data) -> NSDictionary? {
            (try? JSONSerialization.jsonObject(with: data)) as? NSDictionary
        }
        return object(first) != nil && object(first) == object(second)
    }

    @Test func whereNoneIsWholeThatIsSaid() throws {
        try withRun { run, _ in
            for name in CheckpointFolder.names(in: "\(run)/checkpoints") {
                try Data("x".utf8).write(to: URL(filePath: "\(run)/checkpoints/\(name)/state.json"))
            }
            #expect(try refusal(output: run).reason.contains("no whole one before it"))
        }
    }

    @Test func aRunThatGoesOnIsNotOver() throws {
        try withRun { run, _ in
            let older = try newest(run, 1)
            let newer = try newest(run)
            let found = try resume(older, output: run)
            let folder = try #require(try found.folder())
            #expect(folder.path == run && folder.finalPath == run)
            #expect(text("\(run)/summary.json") == nil)
            // What lies ahead is put aside, and stays until there is something new.
            #expect(try newest(run) == older)
            #expect(FileManager.default.fileExists(atPath: newer + ".former"))
        }
    }

    @Test func aDeadProcessLeavesNoCheckpoint() throws {
        try withRun { run, _ in
            let path = try newest(run)
            try FileManager.default.copyItem(atPath: path, toPath: "\(run)/checkpoints/step-999.tmp")
            #expect(try resume(output: run).checkpoint?.path == path)
            let folder = CheckpointFolder(run: run, keepLast: 1)
            let plan = try ResumedRuns.plan(Self.settings)
            let saved = try folder.save(CheckpointManifest(plan, stepsMade: [7, 1000])) { draft in
                try draft.write([1, 2, 3], to: Checkpoint.stateName)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["step-1000"])
            #expect(try Checkpoint(verifying: saved).step == 1000)
        }
    }
}
