import Configuration
import Optimizers
import Testing

@Suite struct OptimizersTests {
    @Test func everyListedOptimizerIsMadeFromItsDefaults() throws {
        #expect(Optimizers.all.map(\.name) == ["sgd", "momentum", "nesterov"])
        for description in Optimizers.all {
            let optimizer = try Optimizers.make(description.name, Options(), count: 3)
            #expect(optimizer.count == 3)
            #expect(optimizer.learningRate == 0.05)
            #expect(optimizer.hasMomentum == (description.name != "sgd"))
            #expect(try Optimizers.shaping(Options()).weightDecay == 0)
        }
    }

    @Test func givenOptionsReachTheOptimizer() throws {
        let options = Options(["learning_rate": .number(0.5), "momentum": .integer(0), "weight_decay": .number(0.25)])
        let optimizer = try Optimizers.make("nesterov", options, count: 1)
        #expect(optimizer.learningRate == 0.5)
        #expect(optimizer.hasMomentum == false)
        #expect(try Optimizers.shaping(options).weightDecay == 0.25)
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
            _ = try Optimizers.make(name, Options(options), count: 1).count
        }
    }
}
