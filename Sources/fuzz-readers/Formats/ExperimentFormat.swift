import Experiments
import Training

/// An experiment file, as `config` and `train` read it.
struct ExperimentFormat: FuzzFormat {
    static let name = "experiment"

    private let texts: [[UInt8]]

    init(in folder: String) throws {
        let settings: [[String]] = [
            [], ["algorithm.name=dpsgd", "topology.name=ring", "peers=6"],
            ["model.name=quadratic", "model.targets=[[1],[2],[4],[9]]", "algorithm.name=fedavg"],
            ["simulation.latency=heavy-tailed", "simulation.faults=[{crash: 1, at: 2s}, {pause: 0, at: 1s, for: 3s}]"],
        ]
        texts = try settings.map { Array(try loaded($0).experiment.yaml.utf8) }
    }

    mutating func tryOne(_ mutator: inout Mutator) throws {
        let text = texts[mutator.below(texts.count)]
        let yaml = String(decoding: mutator.changed(text, .text), as: UTF8.self)
        _ = try LoadedExperiment(yaml: yaml, named: "experiment.yaml", registries: .all).experiment.yaml
    }
}
