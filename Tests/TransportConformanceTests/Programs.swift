import Conditions
import Gossip
import Runtime
import Simulator
import TestKit
import TransportTrials
import Vectors

/// The random programs that every transport carries out, and the simulator's answer to them.
enum Programs {
    static let peers = 6
    static let count = 300
    static let programs = 1000
    static let seed: UInt64 = 7

    static let trial = Trial.random(peers: peers, count: count, programs: programs, seed: seed)
    static let answer = Trial.lines(simulated(trial))
}

/// Payloads from none of the numbers up to 256 MB.
enum Sizes {
    static let count = 1 << 26
    static let trial = Trial.sizes(peers: 2, count: count)
    static let answer = Trial.lines(simulated(trial))
}

/// What the peers of a trial show in virtual time, over links on which messages overtake each other.
func simulated(_ trial: Trial, seed: UInt64 = 1) -> [[UInt64]] {
    guard let faults = try? FaultList([Fault](), learners: trial.peers, servers: 0) else {
        preconditionFailure("no faults are no fault list")
    }
    let settings = SimulationSettings(
        network: NetworkSettings(latency: Latency(.heavyTailed, meanSeconds: 0.001, spread: 1)), faults: faults,
        seed: seed)
    let world = Simulation(peers: trial.peers, settings)
    let recorders = (0..<trial.peers).map { _ in DigestRecorder() }
    for (peer, recorder) in recorders.enumerated() {
        world.add(
            trial.talk(of: peer), model: FlatVector(trial.vector(of: peer)), learner: QuadraticLearner(target: []),
            localOptimizer: NoSteps(),
            scorer: recorder)
    }
    world.start()
    world.run()
    world.checkEnd()
    precondition(world.violations.isEmpty, "\(world.violations)")
    return recorders.map(\.answers)
}
