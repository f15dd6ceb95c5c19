import Configuration
import Experiments

/// What peers can learn: an entry here for each of `WorkloadKind.all`.
package enum Workloads {
    package static let all: [WorkloadEntry] = [.networks, .quadratic]
}

extension Experiment {
    /// What makes what the peers learn, by the name of the model.
    package var workload: WorkloadEntry {
        Workloads.all.first { $0.kind.models.contains { $0.name == model.name } } ?? .networks
    }
}
