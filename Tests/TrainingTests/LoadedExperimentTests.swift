import Configuration
import Datasets
import Experiments
import Foundation
import TestKit
import Testing
import Training

@Suite struct LoadedExperimentTests {
    @Test func everythingHasADefault() throws {
        let experiment = try load("").experiment
        #expect(experiment.name == "gosgd-fashion")
        #expect(experiment.peers == 4)
        #expect(experiment.data.name == "fashion-mnist")
        #expect(experiment.algorithm.options.values == ["probability": .number(0.1)])
        #expect(experiment.optimizer.options.values == ["learning_rate": .number(0.05), "momentum": .number(0.9)])
    }

    @Test func readsBlockAndFlowTables() throws {
        let experiment = try load(
            """
            name: no
            epochs: 2
            steps: 1e2
            algorithm: {name: easgd, alpha: 1}
            data:
              name: synthetic
              classes: 3
              last_batch: drop
              train_samples: 01000
            """
        ).experiment
        #expect(experiment.name == "no")
        #expect(experiment.epochs == 2)
        #expect(experiment.steps == 100)
        #expect(experiment.algorithm.options.values == ["alpha": .number(1)])
        #expect(experiment.data.source.options.values == ["classes": .integer(3)])
        #expect(experiment.data.lastBatch == .drop)
        #expect(experiment.data.trainSamples == 1000)
    }

    @Test func anUnknownKeyNamesItsPlaceAndTheNearest() {
        #expect(
            complaint("name: a\noptimizer:\n  learning_rte: 1")
                == "x.yaml:3:3: optimizer.learning_rte: unknown key 'learning_rte'; did you mean 'learning_rate'?")
        #expect(complaint("peer: 3") == "x.yaml:1:1: peer: unknown key 'peer'; did you mean 'peers'?")
        #expect(
            complaint("evaluate: {every_epoch: 1}")
                == "x.yaml:1:12: evaluate.every_epoch: unknown key 'every_epoch'; did you mean 'every_epochs'?")
        #expect(
            complaint("schedule: {gamma: 1}") == "x.yaml:1:12: schedule.gamma: unknown key 'gamma'; known are name")
    }

    @Test func aWrongValueSaysWhatWouldBeRight() {
        #expect(complaint("peers: 0") == "x.yaml:1:1: peers: 0 is not a whole number from 1 to 1000000")
        #expect(complaint("\npeers: four") == "x.yaml:2:1: peers: four is not a whole number from 1 to 1000000")
        #expect(complaint("epochs: 0") == "x.yaml:1:1: epochs: 0 is not a number above 0 and at most 1000000")
        #expect(complaint("epochs: .inf") == "x.yaml:1:1: epochs: inf is not a number above 0 and at most 1000000")
        #expect(
            complaint("algorithm: {probability: 1.5}")
                == "x.yaml:1:13: algorithm.probability: 1.5 is not a number from 0 to 1")
        #expect(complaint("data: 3").hasPrefix("x.yaml:1:1: data: a table of keys is expected"))
        #expect(complaint("- 3").hasPrefix("x.yaml:1:1: an experiment is a table of keys"))
        #expect(complaint("seed: -1") == "x.yaml:1:1: seed: -1 is not a whole number of at least 0")
        #expect(complaint("name: a/b").hasPrefix("x.yaml:1:1: name: 'a/b' cannot name a folder"))
        #expect(complaint("name: ..").hasPrefix("x.yaml:1:1: name: '..' cannot name a folder"))
        #expect(
            complaint("checkpoint: {every_epochs: 0}")
                == "x.yaml:1:14: checkpoint.every_epochs: 0 is not a number above 0, or null")
        #expect(
            complaint("checkpoint: {keep_last: 0}")
                == "x.yaml:1:14: checkpoint.keep_last: 0 is not a whole number of at least 1")
        #expect(
            complaint("evaluate: {stop_at_target: true}")
                == "x.yaml:1:12: evaluate.stop_at_target: give evaluate.target_accuracy, or leave it false")
    }

    @Test func anUnknownChoiceNamesWhatThereIs() {
        #expect(
            complaint("algorithm: {name: gosdg}")
                == "x.yaml:1:13: algorithm.name: unknown algorithm 'gosdg'; did you mean 'gosgd'?")
        #expect(
            complaint("model: {name: transformer}")
                == "x.yaml:1:9: model.name: unknown model 'transformer'; known are cnn, quadratic")
        #expect(complaint("algorithm: {name: [a]}").hasSuffix("the name of one algorithm is expected, not [a]"))
    }

    @Test func whatThisBuildLacksIsRefusedPlainly() {
        #expect(
            complaint("partition: {kind: dirichlet, alpha: 0.1}")
                == "x.yaml:1:13: partition.kind: unknown partition 'dirichlet'; known are contiguous, iid")
        #expect(complaint("precision: fp16").contains("fp16"))
    }

    @Test func aKeyThatBelongsElsewhereIsFoundThere() {
        #expect(complaint("", "lerning_rate=3").hasSuffix("did you mean 'optimizer.learning_rate'?"))
        #expect(complaint("data: {every_epoch: 3}").hasSuffix("did you mean 'evaluate.every_epochs'?"))
        #expect(complaint("claases: 3").hasSuffix("did you mean 'data.classes'?"))
        #expect(complaint("colour: red").contains("known are"))
    }

    @Test func aQuotedNumberIsCalledWhatItIs() {
        #expect(
            complaint("batch: \"64\"")
                == "x.yaml:1:1: batch: '64' stands in quotes, which makes it a text; write it without them")
        #expect(complaint("common_start: 'true'").contains("stands in quotes"))
        #expect(complaint("batch: \"many\"").contains("many is not a whole number"))
    }

    @Test func messagesCutWhatTheyRepeat() {
        let long = String(repeating: "x", count: 1_000_000)
        let complaints = [
            complaint("name: /\(long)"), complaint("algorithm: {name: \(long)}"), complaint("batch: \(long)"),
            complaint("\"\(long)\": 1"), complaint("data: {\"\(long)\": 1}"), complaint("", "batch=\(long)"),
            complaint("data: \(long)"), complaint("a: *\(long)"), complaint("{\"\(long)\": 1, \"\(long)\": 2}"),
            complaint("common_start: [\(long)]"), complaint("simulation: {faults: [{drop: \(long)}]}"),
        ]
        for text in complaints {
            #expect(text != "no complaint")
            #expect(text.utf8.count < 2500, "\(text.prefix(100))")
        }
    }

    @Test func whatIsNotYamlNamesThePlace() {
        #expect(complaint("a: [1").hasPrefix("x.yaml:"))
        #expect(complaint("peers: 1\npeers: 2") == "x.yaml:1:1: 'peers' is given twice in one table; keep one")
        #expect(complaint("peers: 1\n---\npeers: 2").contains("another document"))
        #expect(complaint("? [1, 2]\n: 3") == "x.yaml:1:3: a key must be a word")
    }

    @Test func aLaterComplaintFindsItsPlace() throws {
        let loaded = try load("peers: 9\nalgorithm:\n  name: gosgd", "batch=7")
        func text(_ key: String) -> String { loaded.located(ConfigurationError(key: key, "no")).description }
        #expect(text("peers") == "x.yaml:1:1: peers: no")
        #expect(text("batch") == "override 'batch=7': no")
        #expect(text("algorithm.probability") == "x.yaml:2:1: algorithm.probability: no")
        #expect(text("seed") == "seed: no")
    }

    @Test func theRoomsHaveTheirSay() throws {
        var registries = TestRegistries.all
        registries.check = { (experiment) throws(ConfigurationError) in
            if experiment.peers == 3 { throw ConfigurationError(key: "topology.name", "not with 3 peers") }
        }
        _ = try LoadedExperiment(yaml: "peers: 2", named: "x.yaml", registries: registries)
        #expect(throws: ExperimentError(.file("x.yaml", line: 2, column: 1), key: "topology.name", "not with 3 peers"))
        {
            try LoadedExperiment(yaml: "peers: 3\ntopology: {}", named: "x.yaml", registries: registries)
        }
    }

    @Test func aFileIsReadOrMissed() throws {
        #expect(throws: MissingExperiment.self) {
            try LoadedExperiment(file: "/nowhere/x.yaml", registries: TestRegistries.all)
        }
        try withTemporaryFolder { folder in
            try Data([0x6e, 0xff, 0xfe]).write(to: URL(filePath: "\(folder)/bad.yaml"))
            #expect(throws: ExperimentError.self) {
                try LoadedExperiment(file: "\(folder)/bad.yaml", registries: TestRegistries.all)
            }
            try Data("peers: 2".utf8).write(to: URL(filePath: "\(folder)/good.yaml"))
            #expect(
                try LoadedExperiment(file: "\(folder)/good.yaml", registries: TestRegistries.all).experiment.peers == 2)
        }
    }

    @Test func pathsAreKeptFromTheRoot() throws {
        func path(_ given: String) throws -> String? {
            try LoadedExperiment(file: nil, overrides: ["data.path=\(given)"], registries: TestRegistries.all)
                .experiment.data.path
        }
        let here = FileManager.default.currentDirectoryPath
        #expect(try path("data/here") == "\(here)/data/here")
        #expect(try path("../x") == URL(filePath: here).deletingLastPathComponent().path() + "x")
        #expect(try path("/x/y") == "/x/y")
        #expect(try path("~/x") == "~/x")
    }

    @Test func whoCarriesOutARunIsKnownThoughSomethingElseIsWrong() {
        func spansProcesses(_ overrides: String..., file: String? = nil) -> Bool {
            let loaded = Result<LoadedExperiment, any Error> {
                try LoadedExperiment(file: file, overrides: overrides, registries: TestRegistries.all)
            }
            return LoadedExperiment.spansProcesses(loaded, file: file, overrides: overrides)
        }
        #expect(!spansProcesses())
        #expect(!spansProcesses("peers=0"))
        #expect(spansProcesses("transport.name=mpi"))
        #expect(spansProcesses("peers=0", "transport.name=mpi"))
        #expect(spansProcesses(file: "/nowhere/x.yaml"))
    }
}
