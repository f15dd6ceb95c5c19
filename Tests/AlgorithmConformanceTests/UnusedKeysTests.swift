import Configuration
import Gossip
import Graphs
import Testing

@testable import Experiments
@testable import Training

/// No key is ever ignored: one that nothing reads is refused by its name, with the remedy, for every algorithm.
@Suite struct UnusedKeysTests {
    private func refusal(_ overrides: [String], yaml: String = "") -> (key: String?, message: String)? {
        do {
            _ = try LoadedExperiment(yaml: yaml, named: "x.yaml", overrides: overrides, registries: .all)
            return nil
        } catch {
            return (error.key, error.message)
        }
    }

    private func algorithm(_ name: String) -> [String] {
        ["algorithm.name=\(name)"] + (name == "centralized" ? ["peers=1"] : [])
            + (Algorithms.traits(name).bringsMomentum ? ["optimizer.name=sgd"] : [])
    }

    /// Every algorithm and every key of the topology: used or refused, never neither.
    @Test(arguments: Algorithms.all.map(\.name)) func theTopologyIsUsedOrRefused(name: String) {
        let use = Algorithms.traits(name).graphUse
        for (setting, key) in [
            ("topology.name=complete", "topology.name"), ("topology.name=ring", "topology.name"),
            ("topology.mixing=lazy", "topology.mixing"), ("topology.mixing=metropolis", "topology.mixing"),
        ] {
            let refusal = refusal(algorithm(name) + [setting])
            let isUsed = use == .weights || (use == .edges && key == "topology.name")
            #expect((refusal == nil) == isUsed, "\(setting): \(refusal?.message ?? "")")
            guard !isUsed else { continue }
            #expect(refusal?.key == key)
            #expect(refusal?.message.hasPrefix("\(name) ") == true && refusal?.message.contains("dpsgd") == true)
        }
    }

    /// An algorithm says that it uses the weights exactly where other weights give other models.
    @Test(arguments: EveryAlgorithmTests.names) func whatIsSaidOfTheTopologyIsSo(name: String) throws {
        func models(_ topology: String, _ mixing: String) throws -> [[Float]] {
            var run = EveryAlgorithmTests.run(name, topology)
            run.topologyOptions = Options(["mixing": .text(mixing)])
            run.steps = 12
            run.samples = [Int](repeating: 1, count: 6)
            return try run.run(targets: (0..<6).map { [Float($0 * $0)] }).evaluated
        }
        // Of graphs that all algorithms take.
        let chain = try models("chain", "lazy")
        let use = Algorithms.traits(name).graphUse
        #expect((try models("chain", "metropolis") != chain) == (use == .weights))
        #expect((try models("star", "lazy") != chain) == (use != .none))
    }

    /// Every pair of options of which one means nothing beside the other.
    @Test(arguments: Algorithms.all) func anOptionBesideItsExcluderIsRefused(algorithm description: Description) {
        for option in description.options {
            for other in option.excluders {
                let both = algorithm(description.name) + ["algorithm.\(option.name)=0.5", "algorithm.\(other)=1"]
                let refusal = refusal(both)
                #expect(refusal?.key == "algorithm.\(option.name)")
                #expect(refusal?.message.contains("leave one of the two out") == true)
                #expect(self.refusal(both.dropLast()) == nil)
            }
        }
    }

    /// Groups of channels, which batch-norm does not have and other norms do.
    @Test(arguments: ["resnet20", "resnet18-imagenet", "vgg11"]) func groupsNeedANormThatHasThem(model: String) throws {
        let groups = ["model.name=\(model)", "model.groups=4"]
        for settings in [groups, groups + ["model.norm=batch"]] {
            let refusal = refusal(settings)
            #expect(refusal?.key == "model.groups")
            #expect(refusal?.message.contains("unless norm is group or evonorm-s0; leave it out, or set norm") == true)
        }
        for norm in ["group", "evonorm-s0"] { #expect(refusal(groups + ["model.norm=\(norm)"]) == nil) }
        // The record of a run has all keys, and is read again.
        let loaded = try LoadedExperiment(
            yaml: "", named: "x", overrides: ["model.name=\(model)", "data.name=cifar10"], registries: .all)
        #expect(loaded.experiment.yaml.contains("groups: 8"))
        let again = try LoadedExperiment(yaml: loaded.experiment.yaml, named: "again", registries: .all)
        #expect(again.experiment == loaded.experiment)
        #expect(!loaded.experiment.settings.contains { $0.key == "model.groups" })
    }

    /// Beta is refused beside alpha on the command line even where it is what it would be anyway.
    @Test(arguments: ["0.9", "0.3"]) func betaBesideAlpha(beta: String) {
        let easgd = ["algorithm.name=easgd", "algorithm.beta=\(beta)"]
        #expect(refusal(easgd + ["algorithm.alpha=0.2"])?.key == "algorithm.beta")
        #expect(refusal(easgd + ["algorithm.rho=1"])?.key == "algorithm.beta")
        #expect(refusal(easgd) == nil)
    }

    @Test(arguments: [
        "data.name=synthetic", "data.samples=10", "data.augment=crop-flip", "data.path=/tmp", "partition.kind=shards",
        "batch=8", "precision=fp32", "schedule.reference_batch=8",
    ]) func theQuadraticHasNoSamples(setting: String) {
        let quadratic = ["model.name=quadratic", "model.targets=[[1], [2]]"]
        let data = setting == "data.samples=10" ? ["data.name=synthetic"] : []
        #expect(refusal(quadratic + data + [setting])?.message.contains("the quadratic has its objectives") == true)
        #expect(refusal(quadratic) == nil)
    }

    @Test(arguments: [
        (["simulation.latency_spread=0.2"], "simulation.latency_spread"),
        (["simulation.compute_trace_ms=[1, 2]", "simulation.compute_ms=3"], "simulation.compute_ms"),
        (
            ["model.name=quadratic", "model.targets=[[1], [2]]", "model.start=[1]", "common_start=false"],
            "common_start"
        ),
    ]) func othersToo(settings: [String], key: String) {
        #expect(refusal(settings)?.key == key)
    }

    /// The command line goes before the file: what it makes idle there is left out, also from what is recorded.
    @Test func theFileGivesWay() throws {
        let yaml = "algorithm: {name: dpsgd}\ntopology: {name: ring, mixing: lazy}\n"
        let loaded = try LoadedExperiment(
            yaml: yaml, named: "x.yaml", overrides: ["algorithm.name=allreduce"], registries: .all)
        let again = try LoadedExperiment(yaml: loaded.experiment.yaml, named: "again", registries: .all)
        #expect(again.experiment.algorithm == loaded.experiment.algorithm)
        #expect(!loaded.experiment.settings.contains { $0.key.hasPrefix("topology.") })
        #expect(refusal([], yaml: yaml.replacing("dpsgd", with: "allreduce"))?.key == "topology.name")
    }

    /// What is written is read again, whatever the algorithm: it has all keys, those of no use too.
    @Test(arguments: Algorithms.all.map(\.name)) func whatIsWrittenIsRead(name: String) throws {
        let loaded = try LoadedExperiment(yaml: "", named: "x", overrides: algorithm(name), registries: .all)
        let again = try LoadedExperiment(yaml: loaded.experiment.yaml, named: "again", registries: .all)
        #expect(again.experiment == loaded.experiment)
    }

    /// Weights that were given and that the algorithm would not use.
    @Test(arguments: ["gosgd", "gossip-pull", "gossip-push", "adpsgd"]) func unevenWeightsAreRefused(name: String)
        throws
    {
        func graph(_ matrix: [[Double]]) throws -> Graph {
            try Graph(
                "custom", peers: matrix.count,
                options: Options(["matrix": .list(matrix.map { .list($0.map { .number($0) }) })]))
        }
        func make(_ matrix: [[Double]]) throws {
            let setup = Setup(
                me: 0, peers: matrix.count, seed: 1, graph: try graph(matrix), samples: 1, stepsPerEpoch: 1, steps: 1)
            _ = try Algorithms.make(name, setup, options: Options())
        }
        #expect(throws: Never.self) {
            try make([[0.5, 0.25, 0, 0.25], [0.25, 0.5, 0.25, 0], [0, 0.25, 0.5, 0.25], [0.25, 0, 0.25, 0.5]])
        }
        let error = try #require(throws: ConfigurationError.self) {
            try make([[0.5, 0.1, 0, 0.4], [0.1, 0.5, 0.4, 0], [0, 0.4, 0.5, 0.1], [0.4, 0, 0.1, 0.5]])
        }
        #expect(error.message.contains("weights on others differ"))
    }
}
