import Configuration
import Experiments
import Gossip
import Graphs
import Runs
import Simulator
import Testing

@testable import Datasets

/// Rules by which rows are mixed, as experiments choose them.
@Suite struct AggregationTests {
    private func refusal(_ overrides: [String], yaml: String = "") -> String {
        do {
            _ = try plan(overrides, yaml: yaml)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private func plan(_ overrides: [String], yaml: String = "") throws -> TrainingPlan {
        let quadratic = ["model.name=quadratic", "model.targets=[[1], [2], [4], [9], [3]]", "optimizer.name=sgd"]
        let loaded = try LoadedExperiment(
            yaml: yaml, named: "x.yaml", overrides: quadratic + overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    @Test func moreByzantinePeersThanARowCanOutvoteAreRefused() {
        let ring = ["algorithm.name=dpsgd", "topology.name=ring"]
        let trimmed = refusal(ring + ["algorithm.aggregation={name: trimmed-mean, byzantine: 2}"])
        #expect(trimmed.contains("algorithm.aggregation.byzantine"))
        #expect(trimmed.contains("needs 5 vectors in each row, and here some rows have 3"))
        #expect(trimmed.contains("take byzantine=1 at the most"))
        #expect(refusal(ring + ["algorithm.aggregation={name: trimmed-mean, byzantine: 1}"]).isEmpty)
        #expect(refusal(ring + ["algorithm.aggregation={name: krum, byzantine: 0}"]).isEmpty)
        #expect(refusal(ring + ["algorithm.aggregation=krum"]).contains("take byzantine=0 at the most"))
        let chain = ["algorithm.name=dpsgd", "topology.name=chain"]
        #expect(refusal(chain + ["algorithm.aggregation={name: krum, byzantine: 0}"]).contains("choose another rule"))
        // Pairs of neighbours are one vector each.
        #expect(
            refusal(ring + ["algorithm.aggregation={name: trimmed-mean, byzantine: 1, bucket: 2}"])
                .contains("some rows have 2"))
        #expect(refusal(["algorithm.name=gossip-pull", "algorithm.aggregation=trimmed-mean"]).contains("have 2"))
        #expect(refusal(["algorithm.name=fedavg", "algorithm.aggregation={name: krum, byzantine: 1}"]).isEmpty)
    }

    @Test(arguments: ["gosgd", "grsgd", "sgp", "osgp", "extra", "relaysgd", "allreduce", "adpsgd"])
    func whoNeedsTheMeanSaysWhy(name: String) {
        let refusal = refusal(["algorithm.name=\(name)", "algorithm.aggregation=median"])
        #expect(refusal.contains("algorithm.aggregation") && refusal.contains("such as dpsgd"))
    }

    @Test func aServerScoresNothing() {
        #expect(refusal(["algorithm.name=fedavg", "algorithm.aggregation=ubar"]).contains("server trains none"))
    }

    @Test func whatIsWrongWithinIsNamed() {
        let dpsgd = ["algorithm.name=dpsgd"]
        #expect(refusal(dpsgd + ["algorithm.aggregation=medium"]).contains("did you mean 'median'?"))
        #expect(refusal(dpsgd + ["algorithm.aggregation.name=clip"]).contains("algorithm.aggregation.name"))
        #expect(refusal(dpsgd + ["algorithm.aggregation={name: median, tau: 1}"]).contains("unknown key 'tau'"))
        #expect(refusal(dpsgd + ["algorithm.aggregation={name: clipped, tau: -1}"]).contains("aggregation.tau"))
        #expect(
            refusal(dpsgd + ["algorithm.aggregation={name: clipped, tau: 1, byzantine: 0.3}"])
                .contains("byzantine means nothing where tau is given"))
        #expect(refusal(dpsgd + ["algorithm.aggregation=3"]).contains("unknown aggregation '3'; known are"))
    }

    /// The command line goes before the file: another name there drops the file's options.
    @Test func theCommandLineChoosesWithin() throws {
        let yaml = "algorithm: {name: dpsgd, aggregation: {name: clipped, tau: 2}}\n"
        let loaded = try plan(["algorithm.aggregation.name=median"], yaml: yaml).experiment
        #expect(
            loaded.algorithm.options.values["aggregation"]
                == .table(["name": .text("median"), "bucket": .integer(1)]))
        let tau = try plan(["algorithm.aggregation.tau=3"], yaml: yaml).experiment
        #expect(tau.yaml.contains("aggregation: {bucket: 1, byzantine: 0.2, name: clipped, tau: 3.0}"))
        #expect(try LoadedExperiment(yaml: tau.yaml, named: "x.yaml", registries: .all).experiment == tau)
    }

    /// Samples are set apart for a rule that scores models, and for no other.
    @Test func ubarWantsScores() {
        let ubar = Options(["aggregation": .table(["name": .text("ubar")])])
        #expect(Algorithms.traits("dpsgd", options: ubar).needsScores)
        #expect(!Algorithms.traits("dpsgd", options: Options(["aggregation": .text("median")])).needsScores)
    }

    /// On graphs where all weights are equal, clipping to infinity and trimming nothing are the mean to the bit.
    @Test(
        arguments: [
            "clipped", "{name: clipped, byzantine: 0}", "{name: trimmed-mean, byzantine: 0}",
        ], ["complete", "ring"]) func withoutDoubtItIsTheMean(rule: String, topology: String) throws
    {
        func models(_ rule: OptionValue) throws -> [[Float]] {
            var run = EveryAlgorithmTests.run("dpsgd", topology)
            run.options = Options(["aggregation": rule])
            run.noise = 0.5
            run.steps = 30
            return try run.run(targets: (0..<6).map { [Float($0 * $0), 1] }).evaluated
        }
        let known: [String: OptionValue] = [
            "clipped": .table(["name": .text("clipped"), "tau": .number(.infinity)]),
            "{name: clipped, byzantine: 0}": .table(["name": .text("clipped"), "byzantine": .integer(0)]),
            "{name: trimmed-mean, byzantine: 0}": .table(["name": .text("trimmed-mean"), "byzantine": .integer(0)]),
        ]
        let chosen = try #require(known[rule])
        #expect(try models(chosen) == models(.text("mean")))
    }
}
