import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import TestKit
import Vectors

@testable import Simulator

/// An algorithm that does what a test says. Saved, it is a plain run of one peer: a life after a crash is seen by the
/// observer alone.
struct Script: Algorithm {
    typealias Body = @Sendable (inout Script, Event, Time, inout Effects) -> Void

    static let description = Description(name: "centralized", summary: "what a test says")

    let body: Body
    var invariants: [Invariant] = []
    /// For the body's own use.
    var count: UInt64 = 0

    init(_ body: @escaping Body) { self.body = body }

    init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        preconditionFailure("a script is not made by its name")
    }

    init(from decoder: any Decoder) throws { preconditionFailure("a script is not read") }

    func encode(to encoder: any Encoder) throws {
        let setup = Setup(
            me: 0, peers: 1, seed: 1, graph: try Graph("complete", peers: 1), samples: 1, stepsPerEpoch: 1, steps: 3)
        try Algorithms.make("centralized", setup, options: Options()).encode(to: encoder)
    }

    mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) { body(&self, event, now, &effects) }

    /// Takes what comes.
    static let listener = Script { _, event, _, effects in
        if case .start = event { effects.finish() }
    }

    /// Sends so many messages with the rounds 1, 2, ... to a peer, one every so many seconds, the first at once.
    static func speaker(_ messages: UInt64, to peer: PeerID, everySeconds gap: Double) -> Script {
        Script { script, event, now, effects in
            switch event {
            case .start, .timer:
                script.count += 1
                let number = script.count
                effects.send(.model, metadata: Metadata(round: number), to: peer)
                if number < messages {
                    effects.timer(TimerID(rawValue: number), at: now + gap)
                } else {
                    effects.finish()
                }
            default: break
            }
        }
    }

    /// Computes one gradient after the other, and waits for nobody.
    static func loner(steps: UInt64) -> Script {
        Script { script, event, _, effects in
            if case .gradientReady = event {
                effects.update()
                script.count += 1
            } else if event != .start {
                return
            }
            if script.count < steps { effects.gradient() } else { effects.finish() }
        }
    }
}

extension EventLog {
    /// Listens to every peer, beside whoever listens already.
    func listen(to world: Simulation) {
        for peer in world.peers {
            others[peer.me] = peer.node.observer
            peer.node.observer = self
        }
    }
}

/// What a test's world is made of: links of 1 ms, gradients of 10 ms, models (1, 2).
struct WorldPlan {
    var network = NetworkSettings(detectionSeconds: 0.005)
    var faults: [Fault] = []
    var checkpointSeconds = 1.0
    var seed: UInt64 = 1
    var lockStepGraph: Graph?
    var deadline: Time?
    var targets: [Float] = []
    /// How long each peer's gradients take, where it is not 10 ms.
    var gradientSeconds: [Double] = []
    var model: [Float] = [1, 2]
    var parallelism = Parallelism(threads: 1)

    func world(_ algorithms: [any Algorithm], _ log: EventLog = EventLog(), servers: Int = 0) throws -> Simulation {
        let learners = algorithms.count - servers
        let settings = SimulationSettings(
            network: network,
            machines: MachineSettings(
                compute: ComputeTime(.constant(seconds: 0.01)), checkpointSeconds: checkpointSeconds),
            faults: try FaultList(faults, learners: learners, servers: servers), seed: seed,
            lockStepGraph: lockStepGraph, deadline: deadline)
        let world = Simulation(peers: learners, settings, parallelism)
        for (index, algorithm) in algorithms.enumerated() {
            let seconds = index < gradientSeconds.count ? gradientSeconds[index] : 0.01
            let target = index < targets.count ? targets[index] : 0
            world.add(
                algorithm, model: FlatVector(model),
                learner: QuadraticLearner(target: [Float](repeating: target, count: model.count)),
                localOptimizer: PlainOptimizer(rate: 0.5),
                computeSeconds: { _ in seconds })
        }
        log.listen(to: world)
        return world
    }

    /// The same algorithm on every peer.
    func world(
        _ name: String, _ options: Options = Options(), topology: String = "complete", peers: Int, steps: UInt64,
        _ log: EventLog = EventLog()
    ) throws -> Simulation {
        let graph = try Graph(topology, peers: peers)
        let servers = Algorithms.traits(name).servers
        let algorithms = try (0..<(peers + servers)).map { peer in
            try Algorithms.make(
                name,
                Setup(
                    me: PeerID(peer), peers: peers, seed: seed, graph: graph, samples: 1, stepsPerEpoch: 1, steps: steps
                ),
                options: options)
        }
        return try world(algorithms, log, servers: servers)
    }
}

extension Time {
    init(milliseconds: Double) { self.init(seconds: milliseconds / 1000) }
}

extension TimeWindow {
    init(_ from: Double, _ to: Double) { self.init(from: Time(milliseconds: from), until: Time(milliseconds: to)) }
}
