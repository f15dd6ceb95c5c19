import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@testable import Experiments

/// Algorithms that options make another one, put to the test as every algorithm is.
struct Variant: Sendable, CustomTestStringConvertible {
    let algorithm: String
    var options: [String: OptionValue] = [:]
    /// What its links do, with which options.
    var compression = "none"
    var compressionOptions: [String: OptionValue] = [:]

    var testDescription: String {
        let words = options.sorted { $0.key < $1.key }.map { " \($0)=\($1.written)" }.joined()
        return algorithm + words + (compression == "none" ? "" : " over \(compression)")
    }

    /// A run of it with everybody in reach of everybody.
    var run: QuadraticRun { run(on: "complete") }

    func run(on topology: String) -> QuadraticRun {
        var run = EveryAlgorithmTests.run(algorithm, topology)
        if !options.isEmpty { run.options = Options(options) }
        run.compression = compression
        run.compressionOptions = Options(compressionOptions)
        if ["topk", "randomk", "sign", "qsgd"].contains(compression) { run.linkRate = 0.5 }
        return run
    }

    /// Every compressor under two algorithms, and every algorithm that bears replicas.
    static let compressed =
        ["dpsgd", "choco"].flatMap { algorithm in
            [
                Variant(algorithm: algorithm, compression: "topk", compressionOptions: ["ratio": .number(0.5)]),
                Variant(algorithm: algorithm, compression: "randomk", compressionOptions: ["ratio": .number(0.5)]),
            ]
                + ["sign", "qsgd", "lowrank", "bf16", "fp16", "int8"].map {
                    Variant(algorithm: algorithm, compression: $0)
                }
        }
        + ["cdsgd", "qg-dsgdm", "decentlam", "gradient-tracking"].map {
            Variant(algorithm: $0, compression: "int8")
        } + [Variant(algorithm: "cdmsgd", options: ["momentum": .number(0.8)], compression: "int8")]

    static let lockStep =
        compressed + [
            Variant(algorithm: "gossip-pull", options: ["synchronous": .boolean(true)]),
            Variant(algorithm: "gossip-push", options: ["synchronous": .boolean(true), "period": .integer(2)]),
            Variant(algorithm: "relaysgd", options: ["tree": .text("binary")]),
            Variant(algorithm: "relaysgd", options: ["tree": .text("double-binary"), "missing": .text("start")]),
            Variant(algorithm: "cdmsgd", options: ["variant": .text("polyak"), "momentum": .number(0.8)]),
            Variant(algorithm: "cdmsgd", options: ["variant": .text("released-code"), "momentum": .number(0.8)]),
            Variant(algorithm: "easgd", options: ["period": .integer(4), "rho": .number(2)]),
            Variant(algorithm: "dpsgd", options: ["order": .text("adapt-then-combine")]),
        ]

    /// Each rule by which rows are mixed, and each algorithm that takes one.
    static let robust =
        [
            "{name: clipped, tau: 0.5}", "clipped", "trimmed-mean", "median", "geometric-median",
            "{name: krum, byzantine: 0}", "{name: multi-krum, byzantine: 0}",
            "{name: centred-clipping, tau: 0.5}", "ubar", "{name: median, bucket: 2}",
        ].map { Variant(algorithm: "dpsgd", options: ["aggregation": rule($0)]) }
        + ["cdsgd", "cdmsgd", "qg-dsgdm", "local-sgd", "fedavg"].map {
            Variant(algorithm: $0, options: ["aggregation": .text("geometric-median")])
        } + [
            Variant(
                algorithm: "gossip-push", options: ["aggregation": .text("median"), "synchronous": .boolean(true)])
        ]

    private static func rule(_ text: String) -> OptionValue {
        (try? YAMLReader.read(text) { _, _ in .none })?.value ?? .null
    }
}

@Suite struct VariantTests {
    private let targets = (0..<6).map { [Float($0 * $0 % 7), 1] }

    @Test(arguments: Variant.lockStep + Variant.robust) func theNetworkChangesNoBit(variant: Variant) throws {
        #expect(Algorithms.traits(variant.algorithm, options: Options(variant.options)).isLockStep)
        var run = variant.run
        run.steps = 25
        run.noise = 0.5
        let calm = try run.run(targets: targets).evaluated
        for seed in 0..<4 {
            run.network = EveryAlgorithmTests.unruly
            run.stragglerDelay = [seed: 5]
            #expect(try run.run(targets: targets).evaluated == calm)
        }
    }

    @Test(arguments: Variant.lockStep) func itLearns(variant: Variant) throws {
        var run = variant.run
        run.steps = 150
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.run(targets: targets)
        #expect(simulation.violations == [])
        let mean = simulation.evaluated.prefix(6).map { Double($0[0]) }.reduce(0, +) / 6
        #expect(abs(mean - Double(0 + 1 + 4 + 2 + 2 + 4) / 6) < 0.02)
        for peer in 0..<simulation.peerCount { #expect(simulation.heldPayloadCount(of: PeerID(peer)) == 0) }
    }

    /// Those that live through crashes do so in each variant.
    @Test(arguments: Variant.lockStep + Variant.robust) func aCrashIsLivedThroughOrTheEnd(variant: Variant) throws {
        var run = variant.run
        run.steps = 40
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.simulation(targets: targets)
        simulation.start()
        simulation.run(until: Time(seconds: 0.15))
        simulation.crash(2)
        simulation.run()
        let goesOn = Algorithms.traits(variant.algorithm, options: Options(variant.options)).faultTolerance.contains(
            .crash)
        for peer in 0..<6 where peer != 2 {
            #expect((simulation.abandonment(of: PeerID(peer)) == nil) == goesOn)
            if goesOn { #expect(simulation.statistics(of: PeerID(peer)).steps == 40) }
        }
    }

    /// An algorithm with a momentum of its own does not run with a second one.
    @Test func oneMomentumIsEnough() throws {
        let setup = Setup(
            me: 0, peers: 2, seed: 1, graph: try Graph("ring", peers: 2), samples: 1, stepsPerEpoch: 1, steps: 1,
            optimizerHasMomentum: true)
        for name in Algorithms.all.map(\.name) where Algorithms.traits(name).bringsMomentum {
            let error = try #require(throws: ConfigurationError.self) {
                _ = try Algorithms.make(name, setup, options: Options())
            }
            #expect(error.message.contains("set optimizer.name=sgd"))
        }
    }
}
