import Conditions
public import Configuration
import Experiments
import Gossip
import Graphs
public import Runs
public import Simulator
import Vectors
import Workloads

extension SimulationSettings {
    /// The world of an experiment, with its random faults drawn.
    ///
    /// Throws for the first fault that cannot happen, with its place in the list as the key, and for a run that would
    /// take longer than virtual time counts.
    public init(_ plan: TrainingPlan) throws(ConfigurationError) {
        let experiment = plan.experiment
        let horizon = try SimulationHorizon(
            peers: experiment.peers, steps: (asked: plan.steps, beyond: plan.stepsBeyond),
            largestMessage: plan.workload.largestMessage, microbatches: experiment.division?.microbatches ?? 1,
            network: experiment.network, machines: experiment.machines)
        let drawn = try horizon.drawn(try experiment.faultList(), healAt: experiment.simulation.healAt)
        let traits = Algorithms.traits(experiment.algorithm.name, options: experiment.algorithm.options)
        self.init(
            network: experiment.network, machines: experiment.machines, faults: drawn, seed: experiment.simulationSeed,
            lockStepGraph: traits.keepsStepWithNeighbours ? plan.graph : nil)
        open = try Self.open(plan, drawn)
        let patience = retransmissionSeconds(byteCount: plan.workload.largestMessage * 4) ?? 0
        deadline = try horizon.deadline(drawn, patienceSeconds: patience)
    }

    /// The links of an open network; nil for a closed one. Throws for the first fault that one of the two has not.
    private static func open(_ plan: TrainingPlan, _ list: FaultList) throws(ConfigurationError) -> OpenSettings? {
        let doubt = plan.experiment.simulation.doubtMilliseconds
        for (index, fault) in list.faults.enumerated() {
            guard let problem = problem(fault, isOpen: doubt != nil) else { continue }
            throw ConfigurationError(key: "simulation.faults[\(index)]", problem)
        }
        guard let doubt else { return nil }
        let settings = OpenSettings(graph: plan.graph, doubtSeconds: doubt / 1000, founder: PeerID(plan.founder))
        guard settings.mostLinks < Setup.places else {
            throw ConfigurationError(
                key: "topology",
                "on an open network a peer has at most \(Setup.places - 1) links, and here one has "
                    + "\(settings.mostLinks); take a graph of fewer edges, such as random-regular")
        }
        return settings
    }

    private static func problem(_ fault: Fault, isOpen: Bool) -> String? {
        switch fault {
        case .leave where !isOpen:
            "a peer that leaves gives what it holds away, which only an open network knows; set simulation.doubt_ms, "
                + "or crash the peer"
        case .crash(_, let window, _) where isOpen && window.end != nil:
            "on an open network every start is that of a joiner; leave restart_after out, or have another peer join"
        case .byzantine where isOpen:
            "the peers of an open network are honest in this build; leave it out, or simulation.doubt_ms"
        default: nil
        }
    }
}
