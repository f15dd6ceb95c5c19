import Configuration
import Optimizers
import Testing
import Vectors

@Suite struct OptimizersTests {
    @Test func everyListedOptimizerIsMadeFromItsDefaults() throws {
        #expect(
            Optimizers.all.map(\.name) == [
                "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "nadam", "adamax",
                "rmsprop-warmup", "lars", "lamb",
            ])
        for description in Optimizers.all {
            let optimizer = try Optimizers.make(description.name, Options(), layout: VectorLayout([("x", [3])]))
            #expect(optimizer.count == 3)
            let rate = try #require(description.options.first { $0.name == "learning_rate" }?.defaultValue.asNumber)
            #expect(optimizer.learningRate == Float(rate))
            #expect(optimizer.hasMomentum == (description.name != "sgd"))
            #expect(try Optimizers.shaping("sgd", Options()).weightDecay == 0)
        }
    }

    @Test func givenOptionsReachTheOptimizer() throws {
        let options = Options(["learning_rate": .number(0.5), "momentum": .integer(0), "weight_decay": .number(0.25)])
        let optimizer = try Optimizers.make("nesterov", options, layout: VectorLayout())
        #expect(optimizer.learningRate == 0.5)
        #expect(optimizer.hasMomentum == false)
        #expect(try Optimizers.shaping("nesterov", options).weightDecay == 0.25)
    }

    @Test(
        arguments: [
            ("momentun", [:], "name", "unknown optimizer 'momentun'; did you mean 'momentum'?"),
            (
                "sgd", ["momentum": .number(0.9)], "momentum",
                "unknown key 'momentum'; known are clip_norm, decay_norms_and_biases, learning_rate, weight_decay"
            ),
            ("sgd", ["learning_rate": .number(-1)], "learning_rate", "-1.0 is not a number of at least 0"),
            ("sgd", ["learning_rate": .number(1e300)], "learning_rate", "must be finite in single precision"),
            ("momentum", ["momentum": .number(1.5)], "momentum", "1.5 is not a number from 0 to 1"),
            ("momentum", ["momentum": .number(.nan)], "momentum", "nan is not a number from 0 to 1"),
            ("sgd", ["weight_decay": .number(.infinity)], "weight_decay", "must be finite in single precision"),
        ] as [(String, [String: OptionValue], String, String)])
    func impossibleSettingsAreRefused(name: String, options: [String: OptionValue], key: String, message: String) {
        #expect(throws: ConfigurationError(key: key, message)) {
            _ = try Optimizers.learningRate(of: name, Options(options))
        }
        #expect(throws: ConfigurationError(key: key, message)) {
            _ = try Optimizers.make(name, Options(options), layout: VectorLayout()).count
        }
    }

    /// A mean of gradients that stay away decays to 0, and does not come to rest among the denormal numbers, over which
    /// processors take many times as long: NetTorrent's perceptron on MNIST, whose border is dark in most images, took
    /// six times as long a step under Adam after some thousand steps.
    @Test(arguments: Optimizers.all.map(\.name)) func whatDecaysEndsAtZero(_ name: String) throws {
        let count = 5
        var optimizer = try Optimizers.make(
            name, Options(), layout: VectorLayout([("x", [count])]))
        var model = FlatVector([Float](repeating: 1, count: count))
        for step in 0..<3000 {
            let gradient = FlatVector([Float](repeating: step == 0 ? 1e-3 : 0, count: count))
            model.write { model in gradient.read { optimizer.update(&model, along: $0) } }
        }
        for (key, vector) in optimizer.state.vectors {
            #expect(vector.allSatisfy { $0 == 0 || $0.isNormal }, "\(key): \(vector[0])")
        }
    }
}
