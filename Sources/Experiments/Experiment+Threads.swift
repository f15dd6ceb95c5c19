package import Conditions
package import Configuration
import Gossip
import Runtime

extension Experiment {
    /// What goes wrong in a run on threads, drawn faults included.
    ///
    /// Throws for the first fault that only the simulator applies, with its place in the list as the key.
    package func faultsOnThreads() throws(ConfigurationError) -> FaultList {
        let list = try inSection("simulation") { () throws(ConfigurationError) in
            try FaultList(simulation.faults, learners: peers, servers: Algorithms.traits(algorithm.name).servers)
        }
        for (index, fault) in list.faults.enumerated() {
            guard let sentence = problemOnThreads(fault) else { continue }
            throw ConfigurationError(key: "simulation.faults[\(index)]", sentence)
        }
        // Every drawn fault has an end, so that none is drawn behind this.
        let ends = list.faults.map { $0.window.end ?? $0.window.start } + [healTime ?? .zero]
        return try faultList().expanded(until: ends.max() ?? .zero)
    }

    private var healTime: Time? { simulation.healAt.map { Time(nanoseconds: $0.nanoseconds) } }

    private func problemOnThreads(_ fault: Fault) -> String? {
        let remedy = "leave it out, or have 'murmur simulate' run the list"
        switch fault {
        case .drop, .duplicate, .reorder, .delay, .corrupt, .cut, .partition, .pause, .slow, .byzantine: return nil
        case .crash(_, let window, _):
            if let processes { return "over \(processes.title) peers die with their rank alone; \(remedy)" }
            return window.end == nil
                ? nil : "a peer that comes back is not in this build on threads; leave restart_after out, or \(remedy)"
        case .join: return "a peer that joins is not in this build on threads; \(remedy)"
        case .leave: return "a peer that leaves is not in this build on threads; \(remedy)"
        case .clock: return "the peers on threads share one clock; \(remedy)"
        case .random(let random, let window):
            let others = random.kinds.filter { !Self.kindsDrawnOnThreads.contains($0) }
            if !others.isEmpty {
                return "'\(others[0].rawValue)' is not drawn on threads; give kinds: ["
                    + Self.kindsDrawnOnThreads.map(\.rawValue).joined(separator: ", ") + "] or some of them"
            }
            return window.end == nil && healTime == nil
                ? "a run on threads has no end that is known before; give 'for', or simulation.heal_at" : nil
        }
    }

    /// A drawn crash may be one of a peer that comes back.
    private static let kindsDrawnOnThreads: [Fault.Kind] = [
        .drop, .duplicate, .reorder, .delay, .corrupt, .cut, .partition, .pause, .slow,
    ]
}
