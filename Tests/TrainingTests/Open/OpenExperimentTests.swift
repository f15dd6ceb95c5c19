import Configuration
import Datasets
import Runs
import Runtime
import Testing

@testable import Experiments

/// What an experiment on an open network may say, and what its peers tell each other.
@Suite struct OpenExperimentTests {
    private static let small = ["transport.name=tls", "data.name=synthetic", "data.samples=100", "model.name=softmax"]

    private static func load(_ overrides: [String], yaml: String = "") throws -> LoadedExperiment {
        try LoadedExperiment(yaml: yaml, named: "x.yaml", overrides: overrides, registries: .all)
    }

    private static func refusal(_ overrides: [String]) -> ExperimentError? {
        do {
            _ = try load(overrides)
            return nil
        } catch {
            return error as? ExperimentError
        }
    }

    @Test func whatFollowsNeedNotBeSaid() throws {
        let experiment = try Self.load(Self.small).experiment
        #expect(experiment.peers == 1 && experiment.partition.name == "own")
        #expect(experiment.linkTransport != nil && experiment.processes == nil)
        #expect(try Self.load([]).experiment.linkTransport == nil)
        #expect(try Self.load([], yaml: experiment.yaml).experiment == experiment)
    }

    @Test(arguments: [
        ("peers", ["peers=2"]), ("partition.kind", ["partition.kind=iid"]), ("topology.name", ["topology.name=ring"]),
        ("checkpoint.every_epochs", ["checkpoint.every_epochs=1"]), ("checkpoint.resume", ["checkpoint.resume=last"]),
        ("simulation.faults", ["simulation.faults=[{drop: 0.1}]"]), ("simulation.doubt_ms", ["simulation.doubt_ms=5"]),
        ("algorithm.name", ["algorithm.name=dpsgd"]),
        ("simulation.faults", ["simulation.faults=[{byzantine: {peer: 0, kind: nan}}]"]),
    ]) func whatAnOpenNetworkHasNotIsRefused(key: String, overrides: [String]) throws {
        let error = try #require(Self.refusal(Self.small + overrides))
        #expect(error.key == key)
        #expect("\(error)".contains(";"), "no remedy in \(error)")
    }

    @Test func dataOfOnesOwnIsForOpenNetworks() throws {
        let error = try #require(Self.refusal(["partition.kind=own"]))
        #expect(error.key == "partition.kind" && "\(error)".contains("tls"))
    }

    // MARK: What is shared

    @Test func settingsOfOnesOwnMakeNoDifference() throws {
        let one = try Self.load(Self.small).experiment
        let own = [
            "name=mine", "steps=5", "evaluate.every_epochs=3", "transport.listen=0", "transport.upload_mbit=3",
            "data.train_samples=50", "threads_per_peer=2", "save.peers=true", "data.path=/elsewhere",
        ]
        let other = try Self.load(Self.small + own).experiment
        #expect(one.sharedFingerprint == other.sharedFingerprint && one.sharedYAML == other.sharedYAML)
        #expect(!other.sharedYAML.contains("elsewhere") && other.sharedYAML.contains("name: tls"))
        let third = try Self.load(Self.small + ["batch=65"]).experiment
        #expect(third.sharedFingerprint != one.sharedFingerprint)
    }

    @Test func aJoinerTakesWhatItIsTold() throws {
        let theirs = try Self.load(Self.small + ["batch=7", "steps=9", "name=theirs"]).experiment
        let mine = try LoadedExperiment(
            told: theirs.sharedYAML, by: "b", overrides: ["transport.name=tls", "steps=3"], registries: .all)
        #expect(mine.experiment.batch == 7 && mine.experiment.steps == 3 && mine.experiment.name != "theirs")
        #expect(mine.experiment.sharedFingerprint == theirs.sharedFingerprint)
        try mine.refuseDifference(to: theirs.sharedYAML, by: "b", registries: .all)
    }

    @Test func aDifferenceIsNamed() throws {
        let theirs = try Self.load(Self.small).experiment.sharedYAML
        let mine = try LoadedExperiment(
            told: theirs, by: "b", overrides: ["optimizer.learning_rate=0.5"], registries: .all)
        let error = #expect(throws: LinkError.self) {
            try mine.refuseDifference(to: theirs, by: "b", registries: .all)
        }
        #expect(error?.kind == .otherExperiment)
        #expect(error?.finding == "optimizer.learning_rate: 0.5 here, and 0.05 at b")
        let gone = try Self.load(Self.small + ["optimizer.name=sgd"])
        let other = #expect(throws: LinkError.self) {
            try gone.refuseDifference(to: theirs, by: "b", registries: .all)
        }
        #expect(other?.finding == "optimizer.name: sgd here, and momentum at b")
    }

    @Test(arguments: ["name: x", "data: {path: /etc}", "model: {name: cnn, weights: /etc/passwd}", "steps: 3"])
    func nobodyTellsAnotherWhatIsItsOwn(text: String) throws {
        let error = #expect(throws: LinkError.self) {
            _ = try LoadedExperiment(told: text, by: "b", overrides: [], registries: .all)
        }
        #expect(error?.kind == .otherExperiment)
    }

    @Test func whatIsToldIsReadAsStrictlyAsAFile() throws {
        #expect(throws: ExperimentError.self) {
            _ = try LoadedExperiment(told: "smoke: 1", by: "b", overrides: [], registries: .all)
        }
    }

    // MARK: Draws and the run

    @Test func eachPeerDrawsForItself() throws {
        var experiment = try Self.load(Self.small).experiment
        #expect(experiment.drawSeed == 1)
        experiment.drawKey = 7
        let seven = experiment.drawSeed
        experiment.drawKey = 8
        #expect(seven != experiment.drawSeed && seven != 1)
    }

    @Test func theRunTellsWhatMustBeTheSame() throws {
        func run(_ overrides: [String], key: UInt64) throws -> LinkRun {
            let places = DataPlaces(collection: nil, home: nil)
            return try TrainingPlan(
                Self.load(Self.small + overrides), places: places, terms: LinkTerms(key: key)
            ).linkRun
        }
        let one = try run([], key: 1)
        #expect(try run(["steps=3"], key: 2) == one)
        #expect(one.parameterCount > 0 && one.text.contains("softmax"))
        let other = try run(["model.name=mlp"], key: 1)
        #expect(other.layout != one.layout && other.fingerprint != one.fingerprint)
    }
}
