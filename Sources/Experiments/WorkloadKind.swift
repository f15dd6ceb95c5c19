package import Configuration
import Models

/// A kind of workload as experiment files know it: which models belong to it, and what follows from that.
package struct WorkloadKind: Sendable {
    /// The models that its peers learn; each belongs to one workload.
    package let models: [Description]
    /// Whether they learn it from the data set of the experiment.
    package let readsData: Bool
    /// Fills in what follows from the model where the user has not set it; `isSet` tells whether the user has set the
    /// key of that path.
    package let adopt: @Sendable (_ experiment: inout Experiment, _ isSet: (String) -> Bool) -> Void
    /// Refuses settings that do not go together, before anything is read.
    package let check: @Sendable (Experiment) throws(ConfigurationError) -> Void

    package init(
        models: [Description], readsData: Bool,
        adopt: @escaping @Sendable (_ experiment: inout Experiment, _ isSet: (String) -> Bool) -> Void = { _, _ in },
        check: @escaping @Sendable (Experiment) throws(ConfigurationError) -> Void = { _ throws(ConfigurationError) in }
    ) {
        self.models = models
        self.readsData = readsData
        self.adopt = adopt
        self.check = check
    }
}

extension WorkloadKind {
    /// What peers can learn.
    package static let all: [WorkloadKind] = [.networks, .quadratic]

    package static let networks = WorkloadKind(
        models: ModelRegistry.descriptions, readsData: true,
        check: { experiment throws(ConfigurationError) in
            try inSection("model") { () throws(ConfigurationError) in
                try ModelRegistry.check(experiment.model.name, options: experiment.model.options)
            }
        })

    package static let quadratic = WorkloadKind(
        models: [Quadratic.description], readsData: false,
        // Its rows say how many peers there are, and a run of many steps is tested a thousand times at most.
        adopt: { experiment, isSet in
            if let peers = Quadratic.peers(in: experiment.model.options), !isSet("peers") { experiment.peers = peers }
            guard !isSet("evaluate.every_epochs") else { return }
            let epochs = experiment.steps.map { Double($0) } ?? experiment.epochs
            experiment.evaluate.everyEpochs = max(1, (epochs / 1000).rounded(.up))
        },
        check: { experiment throws(ConfigurationError) in _ = try experiment.quadratic() })
}

extension Experiment {
    /// What the peers learn, by the name of the model.
    package var workloadKind: WorkloadKind {
        WorkloadKind.all.first { $0.models.contains { $0.name == model.name } } ?? .networks
    }

    /// The quadratic that the peers learn. Throws for what its keys lack, and for settings that it cannot have.
    package func quadratic() throws(ConfigurationError) -> Quadratic {
        guard evaluate.targetAccuracy == nil else {
            throw ConfigurationError(
                key: "evaluate.target_accuracy", "the quadratic has no accuracy; leave target_accuracy out")
        }
        return try inSection("model") { () throws(ConfigurationError) in try Quadratic(model.options, peers: peers) }
    }
}
