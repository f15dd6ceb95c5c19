import Configuration
import Experiments
import Testing
import Training

@Suite struct OverrideTests {
    @Test func goesBeforeTheFile() throws {
        let experiment = try load(
            "peers: 2\noptimizer: {learning_rate: 0.1}", "peers=8", "optimizer.learning_rate=0.2",
            "optimizer.learning_rate=0.3", "steps=5", "data.name=synthetic", "data.classes=4"
        ).experiment
        #expect(experiment.peers == 8)
        #expect(experiment.optimizer.options.values["learning_rate"] == .number(0.3))
        #expect(experiment.steps == 5)
        #expect(experiment.data.source.options.values == ["classes": .integer(4)])
    }

    @Test func emptyIsNull() throws {
        #expect(try load("steps: 5", "steps=").experiment.steps == nil)
        #expect(try load("steps: 5", "steps=null").experiment.steps == nil)
    }

    @Test func replacesAWholeSection() throws {
        let experiment = try load("algorithm: {name: gosgd, probability: 1}", "algorithm={name: easgd}").experiment
        #expect(experiment.algorithm.name == "easgd")
    }

    @Test func anotherNameDropsTheFormerOnesOptions() throws {
        let yaml = "algorithm: {name: gosgd, probability: 0.5}\noptimizer: {learning_rate: 0.2, momentum: 0.5}"
        let experiment = try load(yaml, "algorithm.name=easgd", "optimizer.name=sgd").experiment
        #expect(experiment.algorithm.options.values == ["alpha": .null])
        #expect(experiment.optimizer.options.values == ["learning_rate": .number(0.2)])
        // What nobody knows stays an error, and so does an option given beside the new name.
        #expect(complaint("algorithm: {probabilty: 0.5}", "algorithm.name=easgd").contains("unknown key"))
        #expect(complaint("", "algorithm.name=easgd", "algorithm.probability=1").contains("unknown key"))
        #expect(complaint("algorithm: {name: easgd, probability: 0.5}").contains("unknown key"))
        #expect(
            complaint("algorithm: {name: easgd, probability: 0.5}", "algorithm.name=easgd").contains("unknown key"))
    }

    @Test func errorsShowTheOverride() {
        #expect(
            complaint("", "optimizer.learning_rate=-1").hasPrefix(
                "override 'optimizer.learning_rate=-1': -1 is not a number above 0"))
        #expect(complaint("", "pers=3") == "override 'pers=3': unknown key 'pers'; did you mean 'peers'?")
        #expect(
            complaint("", "algorithm={probability: 2}")
                == "override 'algorithm={probability: 2}': algorithm.probability: 2 is not a number from 0 to 1")
        #expect(
            complaint("peers: 2", "peers.count=3")
                == "override 'peers.count=3': 'peers' is a single value and has no keys below it")
        #expect(complaint("", "x=[1").hasPrefix("override 'x=[1': not YAML"))
        for text in ["peers", "=3", "a..b=1", ".a=1"] {
            #expect(complaint("", text).contains("not of the form key.path=value"), "\(text)")
        }
    }
}
