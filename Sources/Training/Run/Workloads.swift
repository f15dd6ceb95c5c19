import Configuration

/// What peers can learn: one entry here makes a workload known to everybody.
enum Workloads {
    static let all: [WorkloadEntry] = [.networks, .quadratic]
}

extension Experiment {
    /// What the peers learn, by the name of the model.
    var workload: WorkloadEntry {
        Workloads.all.first { $0.models.contains { $0.name == model.name } } ?? .networks
    }
}
