import Conditions
import Configuration
import Gossip

/// A key of the experiment file that nothing reads because of what another key says. Whoever sets it is told so: a run
/// that quietly ignores a setting is not the run that was asked for.
package struct UnusedKey: Sendable {
    /// The path of the key, `topology.mixing`.
    package let path: String
    /// The path of the key that makes it so.
    package let cause: String
    /// What is wrong and what would be right.
    package let reason: String
}

extension Experiment {
    /// The keys that nothing reads in this experiment.
    package func unusedKeys(_ registries: Registries) -> [UnusedKey] {
        unusedOptions(registries) + unusedTopology + unusedOfCompression + unusedOfQuadratic + unusedOfSimulation
    }

    /// Options that mean nothing beside others of the same choice.
    private func unusedOptions(_ registries: Registries) -> [UnusedKey] {
        Self.choices.flatMap { section, selector -> [UnusedKey] in
            let choice = self[keyPath: selector.path]
            let chosen = registries[keyPath: selector.registry].first { $0.name == choice.name }
            return (chosen?.options ?? []).compactMap { option in
                choice.options.idleness(of: option).map { cause, reason in
                    UnusedKey(
                        path: "\(section).\(option.name)", cause: "\(section).\(cause)", reason: reason)
                }
            }
        }
    }

    /// What the algorithm does not make use of in the graph.
    private var unusedTopology: [UnusedKey] {
        let remedy = "leave it out, or choose an algorithm that does, such as dpsgd"
        switch Algorithms.traits(algorithm.name).graphUse {
        case .weights: return []
        case .edges:
            return [
                UnusedKey(
                    path: "topology.mixing", cause: "algorithm.name",
                    reason: "\(algorithm.name) uses who may send to whom, and no mixing weights; \(remedy)")
            ]
        case .none:
            return (["name"] + topology.options.values.keys.sorted()).map {
                UnusedKey(
                    path: "topology.\($0)", cause: "algorithm.name",
                    reason: "\(algorithm.name) does not use the topology; \(remedy)")
            }
        }
    }

    private var unusedOfCompression: [UnusedKey] {
        let use = Algorithms.traits(algorithm.name, options: algorithm.options).compression
        if compression.name == "none" {
            return ["error_feedback", "rate"].map {
                UnusedKey(
                    path: "compression.\($0)", cause: "compression.name",
                    reason: "nothing is compressed; leave it out, or set compression.name")
            }
        }
        guard use == .alone else { return [] }
        return [
            UnusedKey(
                path: "compression.rate", cause: "algorithm.name",
                reason:
                    "\(algorithm.name) mixes by weights of its own; leave it out, or choose an algorithm that mixes "
                    + "over the graph, such as dpsgd")
        ]
    }

    /// The quadratic has neither samples nor batches, and one way to compute.
    private var unusedOfQuadratic: [UnusedKey] {
        guard !workloadKind.readsData else { return [] }
        let ofSections = Self.entries.flatMap { entry -> [String] in
            guard case .section(let section) = entry, ["data", "partition"].contains(section.name) else { return [] }
            let choice = section.choice.map { self[keyPath: $0.path].options.values.keys.sorted() + [$0.key] } ?? []
            return (section.keys.map(\.name) + choice).map { "\(section.name).\($0)" }
        }
        let none = (ofSections + ["batch", "precision", "model.weights", "schedule.reference_batch"]).map {
            UnusedKey(
                path: $0, cause: "model.name",
                reason: "the quadratic has its objectives from model.targets and no samples; leave it out, or choose "
                    + "another model")
        }
        guard model.options.values["start"].map({ $0 != .null }) == true else { return none }
        return none + [
            UnusedKey(
                path: "common_start", cause: "model.start",
                reason: "model.start says where each peer starts; leave one of the two out")
        ]
    }

    private var unusedOfSimulation: [UnusedKey] {
        var unused: [UnusedKey] = []
        if simulation.latency == .constant {
            unused.append(
                UnusedKey(
                    path: "simulation.latency_spread", cause: "simulation.latency",
                    reason: "a constant latency does not vary; leave it out, or set simulation.latency=normal"))
        }
        if !simulation.computeTraceMilliseconds.isEmpty {
            unused += ["compute_ms", "compute_spread"].map {
                UnusedKey(
                    path: "simulation.\($0)", cause: "simulation.compute_trace_ms",
                    reason: "simulation.compute_trace_ms says how long each gradient takes; leave one of the two out")
            }
        }
        if simulation.testEveryMilliseconds != nil {
            unused.append(
                UnusedKey(
                    path: "evaluate.every_epochs", cause: "simulation.test_every_ms",
                    reason: "simulation.test_every_ms says when models are tested; leave one of the two out"))
        }
        return unused
    }

    /// The sections in which something is chosen, with what chooses.
    private static var choices: [(section: String, selector: Section.Selector)] {
        entries.compactMap { entry in
            guard case .section(let section) = entry else { return nil }
            return section.choice.map { (section.name, $0) }
        }
    }
}

extension ExperimentReader {
    /// Refuses keys that were given and that nothing reads. Two kinds may stand in a file all the same: a value that is
    /// the default anyway, as in the record of a run, which has all keys; and one that a setting of the command line
    /// has made idle.
    package func refuseUnused() throws(ExperimentError) {
        let defaults = Dictionary(uniqueKeysWithValues: experiment.defaults(registries).map { ($0.key, $0.value) })
        let values = Dictionary(uniqueKeysWithValues: experiment.allFields.map { ($0.key, $0.value) })
        for key in experiment.unusedKeys(registries) {
            guard let place = places[key.path] else { continue }
            if case .file = place {
                if case .override = places[key.cause] { continue }
                if values[key.path] == defaults[key.path] { continue }
            }
            throw ExperimentError(place, key: key.path, key.reason)
        }
    }
}
