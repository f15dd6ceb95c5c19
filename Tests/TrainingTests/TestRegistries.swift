import Configuration
import Experiments
import Training

/// Lists to choose from that do not change when the other rooms grow.
enum TestRegistries {
    static let probability = Option.number("probability", default: 0.1, in: 0...1, "of a push (p)")
    static let alpha = Option.optionalNumber("alpha", in: 0...1, "the moving rate")
    static let targets = OptionDescription(
        name: "targets", kind: .rows, isNullable: true, defaultValue: .null, meaning: "where each peer wants to go")

    static let all = Registries(
        algorithms: [
            Description(name: "centralized", summary: "one peer"),
            Description(name: "gosgd", summary: "random pushes", options: [probability.description]),
            Description(name: "easgd", summary: "elastic", options: [alpha.description]),
        ],
        topologies: [
            Description(name: "complete", summary: "everyone"), Description(name: "ring", summary: "two neighbours"),
        ],
        models: [
            Description(name: "cnn", summary: "two convolutions"),
            Description(name: "quadratic", summary: "a bowl", options: [targets]),
        ],
        datasets: [
            Description(name: "fashion-mnist", summary: "clothes"),
            Description(
                name: "synthetic", summary: "drawn",
                options: [Option.integer("classes", default: 10, in: 2...1000, "how many classes").description]),
        ],
        partitions: [
            Description(name: "iid", summary: "shuffled"), Description(name: "contiguous", summary: "in order"),
        ],
        optimizers: [
            Description(name: "sgd", summary: "plain", options: [rate.description]),
            Description(name: "momentum", summary: "heavy ball", options: [rate.description, momentum.description]),
        ],
        schedules: [Description(name: "constant", summary: "no change")])

    private static let rate = Option.number(
        "learning_rate", default: 0.05, in: .leastNonzeroMagnitude ... .greatestFiniteMagnitude, "the step (eta)")
    private static let momentum = Option.number("momentum", default: 0.9, in: 0...1, "the share kept (mu)")
}

/// Reads an experiment from a text with the lists above.
func load(_ yaml: String, _ overrides: String...) throws(ExperimentError) -> LoadedExperiment {
    try LoadedExperiment(yaml: yaml, named: "x.yaml", overrides: overrides, registries: TestRegistries.all)
}

/// The message for an experiment that must not load.
func complaint(_ yaml: String, _ overrides: String...) -> String {
    do throws(ExperimentError) {
        _ = try LoadedExperiment(
            yaml: yaml, named: "x.yaml", overrides: overrides, registries: TestRegistries.all)
        return "no complaint"
    } catch {
        return error.description
    }
}
