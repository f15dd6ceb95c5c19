import Configuration
import Experiments
import Testing

@testable import Training

@Suite struct ExperimentYAMLTests {
    @Test func readsBackAsWritten() throws {
        let texts = [
            "", "epochs: 0.00001\nname: 'on'\nsteps: 3",
            "data: {name: synthetic, path: '/a b/\"c\"', classes: 3}\noptimizer: {learning_rate: 1.0e-9}",
            "model: {name: quadratic, targets: [[1], [2.5, -1e-20]]}\nalgorithm: {name: easgd, alpha: 0.25}",
            "simulation: {seed: 3, latency: heavy-tailed, heal_at: 90, compute_trace_ms: [1, 2.5], detection_ms: 7}",
            "data: {path: '~'}\nevaluate: {target_accuracy: 1e-1, every_epochs: 123456789012345678}",
        ]
        for text in texts {
            let experiment = try load(text).experiment
            #expect(try load(experiment.yaml).experiment == experiment, "\(experiment.yaml)")
        }
    }

    @Test func hasEveryKeyInOrder() throws {
        #expect(try load("").experiment.yaml == Self.defaults)
    }

    private static let defaults = """
        name: gosgd-fashion
        seed: 1
        data:
          name: fashion-mnist
          path: null
          train_samples: null
          validation_samples: 0
          test_samples: null
          augment: none
          normalize: true
          last_batch: keep
          workers: null
        partition:
          kind: iid
        common_start: true
        model:
          name: cnn
          weights: null
        optimizer:
          name: momentum
          learning_rate: 0.05
          momentum: 0.9
        schedule:
          name: constant
        peers: 4
        threads_per_peer: 1
        batch: 64
        epochs: 8.0
        steps: null
        algorithm:
          name: gosgd
          probability: 0.1
        compression:
          name: none
          error_feedback: null
          rate: null
        topology:
          name: complete
        precision: fp32
        transport:
          name: threads
        evaluate:
          every_epochs: 1.0
          target_accuracy: null
          stop_at_target: false
        checkpoint:
          every_epochs: null
          keep_last: 2
          resume: null
        save:
          peers: false
        stragglers: {}
        simulation:
          seed: null
          latency: constant
          latency_ms: 1.0
          latency_spread: 0.5
          bandwidth_mbit: 1000.0
          loss: 0.0
          detection_ms: 100.0
          doubt_ms: null
          compute_ms: 10.0
          compute_spread: 0.1
          compute_trace_ms: []
          checkpoint_every_ms: 1000.0
          heal_at: null
          faults: []
          test_every_ms: null
          workers: null

        """

    @Test(arguments: [
        (0.05, "0.05"), (1e-5, "0.00001"), (-2.5e-7, "-0.00000025"), (1e-12, "0.000000000001"), (1e-13, "1.0e-13"),
        (1.25e-20, "1.25e-20"), (1e22, "1.0e+22"), (-1.5e300, "-1.5e+300"), (8, "8.0"), (.infinity, ".inf"),
        (-.infinity, "-.inf"), (.nan, ".nan"), (.leastNonzeroMagnitude, "5.0e-324"),
    ])
    func numbersHaveAPointBeforeAnyExponent(number: Double, text: String) {
        #expect(number.yaml == text)
        #expect(number.isNaN || Double(text) == number || number.isInfinite)
    }

    @Test func textsThatLookLikeSomethingElseAreQuoted() {
        for text in ["no", "Null", "1.0", "", "a: b", "~", "0x1", "2026-01-01", "a,b", "a#b", "é", " a", "-", "y"] {
            #expect(OptionValue.text(text).yaml.hasPrefix("\""), "\(text)")
        }
        for text in ["fashion-mnist", "/usr/share/x", "none"] {
            #expect(OptionValue.text(text).yaml == text)
        }
    }
}
