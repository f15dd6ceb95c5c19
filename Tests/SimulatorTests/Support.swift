import Conditions
import Configuration
import Gossip
import Runtime
import Vectors

@testable import Simulator

/// An algorithm that does what a test says. Saved, it is a plain run of one peer: a life after a crash is seen by the
/// witness alone.
struct Script: Algorithm {
    typealias Body = @Sendable (inout Script, Event, Time, inout Effects) -> Void

    static let description = Description(name: "centralized", summary: "what a test says")

    let body: Body
    var laws: [Law] = []
    /// For the body's own use.
    var count: UInt64 = 0
    var kept: PayloadID?

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

    /// Lets go of what comes.
    static let listener = Script { _, event, _, effects in
        if case .start = event { effects.finish() }
        release(event, &effects)
    }

    /// Sends so many messages with the rounds 1, 2, ... to a peer, one every so many seconds, the first at once.
    static func speaker(_ messages: UInt64, to peer: PeerID, everySeconds gap: Double) -> Script {
        Script { script, event, now, effects in
            release(event, &effects)
            switch event {
            case .start, .timer:
                script.count += 1
                let number = script.count
                effects.send(.model, note: Note(round: number), to: peer, id: MessageID(rawValue: number))
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
            release(event, &effects)
            if case .gradientReady = event {
                effects.update()
                script.count += 1
            } else if event != .start {
                return
            }
            if script.count < steps { effects.gradient() } else { effects.finish() }
        }
    }

    static func release(_ event: Event, _ effects: inout Effects) {
        switch event {
        case .received(.some(let payload), _, _), .returned(_, .some(let payload)): effects.release(payload)
        default: break
        }
    }
}

/// All that the peers of a world were told, by their own clocks.
final class Log: Witness {
    struct Entry {
        let peer: PeerID
        let time: Time
        let event: Event
    }

    private(set) var entries: [Entry] = []
    private var others: [PeerID: any Witness] = [:]

    /// Listens to every peer, beside whoever listens already.
    func listen<Learning: ~Copyable, Steps: ~Copyable>(to world: Simulation<Learning, Steps>) {
        for peer in world.peers {
            others[peer.me] = peer.node.witness
            peer.node.witness = self
        }
    }

    func saw(_ event: Event, _ effects: [Effect], peer: PeerID, now: Time) {
        entries.append(Entry(peer: peer, time: now, event: event))
        others[peer]?.saw(event, effects, peer: peer, now: now)
    }

    /// Rounds of the messages that a peer was handed, with their milliseconds.
    func received(by peer: PeerID) -> [(round: UInt64, milliseconds: Double)] {
        entries.compactMap { entry in
            guard entry.peer == peer, case .received(_, let note, _) = entry.event else { return nil }
            return (note.round, Double(entry.time.nanoseconds) / 1e6)
        }
    }

    func rounds(to peer: PeerID) -> [UInt64] { received(by: peer).map(\.round) }

    /// Milliseconds at which a peer was told something.
    func milliseconds(of peer: PeerID, _ isWanted: (Event) -> Bool) -> [Double] {
        entries.filter { $0.peer == peer && isWanted($0.event) }.map { Double($0.time.nanoseconds) / 1e6 }
    }
}

/// Gradients of `|x - target|^2 / 2`.
struct Slope: Learner, ~Copyable {
    let target: Float
    private var point: [Float] = []

    init(target: Float) { self.target = target }

    mutating func load(_ model: Span<Float>, scale: Float) { point = model.indices.map { scale * model[$0] } }

    func gradient(into vector: consuming FlatVector) -> GradientResult {
        let (point, target) = (point, target)
        vector.write { span in
            for index in span.indices { span[index] = point[index] - target }
        }
        return GradientResult(gradient: vector, report: GradientReport(loss: 1, correct: 0, samples: 1))
    }

    var state: Numbers { Numbers() }
    func restore(_ state: Numbers) throws(StateError) {}
}

/// `x <- x - g / 2`.
struct HalfSteps: Stepper, ~Copyable {
    func begin(step: UInt64) -> Float { 0.5 }
    func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        for index in gradient.indices { model[index] -= 0.5 * gradient[index] }
    }
    func direction(at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>) {
        for index in gradient.indices { target[index] = -0.5 * gradient[index] }
    }
    func reset() {}
    var state: Numbers { Numbers() }
    func restore(_ state: Numbers) throws(StateError) {}
}

typealias World = Simulation<Slope, HalfSteps>

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

    func world(_ algorithms: [any Algorithm], _ log: Log = Log(), servers: Int = 0) throws -> World {
        let learners = algorithms.count - servers
        let settings = SimulationSettings(
            network: network,
            machines: MachineSettings(
                compute: ComputeTime(.constant(seconds: 0.01)), checkpointSeconds: checkpointSeconds),
            faults: try FaultList(faults, learners: learners, servers: servers), seed: seed,
            lockStepGraph: lockStepGraph, deadline: deadline)
        let world = World(peers: learners, settings)
        for (index, algorithm) in algorithms.enumerated() {
            let seconds = index < gradientSeconds.count ? gradientSeconds[index] : 0.01
            world.add(
                algorithm, model: FlatVector(model),
                learner: Slope(target: index < targets.count ? targets[index] : 0), stepper: HalfSteps(),
                computeSeconds: { _ in seconds })
        }
        log.listen(to: world)
        return world
    }

    /// The same algorithm on every peer.
    func world(
        _ name: String, _ options: Options = Options(), topology: String = "complete", peers: Int, steps: UInt64,
        _ log: Log = Log()
    ) throws -> World {
        let graph = try Graph(topology, peers: peers)
        let servers = Algorithms.servers(name)
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

extension Window {
    init(_ from: Double, _ to: Double) { self.init(from: Time(milliseconds: from), until: Time(milliseconds: to)) }
}
