import Conditions
import Configuration
import Experiments
internal import Foundation
public import Gossip
public import Graphs
public import Records
public import Runs
import Runtime
public import Simulator
import Vectors
import Workloads

/// An experiment in virtual time: its peers, data and models as on threads, on the network and machines that it
/// describes, under the faults that it lists.
public final class SimulatedRun {
    /// With more learners than this only the consensus model is tested: a simulated peer costs a few microseconds a
    /// step, and a test of its model many milliseconds.
    static let testedPeersLimit = 64

    /// The experiment with its data, models and shares.
    public let plan: TrainingPlan
    /// The world that the plan describes, its random faults drawn.
    public let settings: SimulationSettings
    let world: Simulation
    let evaluation: RunEvaluation
    let metrics: MetricsWriter?
    private let trace: TraceFile?
    private let traceLog = TraceLog()
    private var tracers: [PeerTrace] = []
    private var pulses: Pulses
    /// The steps of all learners together at which the next pulse is due.
    private var nextPulse = 0
    private let wallSeconds: () -> Double
    /// The wall clock's seconds in which the world was run, tests of models apart.
    var simulatingSeconds = 0.0
    /// The models handed in for tests that are not complete.
    var rounds = TestRounds()
    /// When each peer hands in its model.
    var turns: [TestTurns] = []
    /// The test that ended the run.
    var roundAtTarget: RunEvaluation.Round?
    var failure: (any Error)?
    /// The moment of the next test, and the step of the last, where tests go by time.
    var nextTest: Time
    var lastTestedStep: UInt64 = 0
    private var pages = HugePages()

    /// Makes the world.
    ///
    /// - Parameters:
    ///   - metrics: where the tests of models are recorded; nil for nowhere, and then only the end is tested.
    ///   - parallelism: on which threads gradients are computed; nil: as the experiment says.
    ///   - trace: where it is put down what every peer does when, in virtual time; nil for nowhere.
    ///   - wallSeconds: the wall clock, to tell how fast the simulation is.
    ///   - wrapping: what stands in the place of each peer's algorithm; for tests that plant mistakes.
    ///
    /// Throws `ConfigurationError` for faults that cannot happen and what learners refuse.
    public init(
        _ plan: TrainingPlan, metrics: MetricsWriter? = nil, trace: TraceFile? = nil, parallelism: Parallelism? = nil,
        wallSeconds: @escaping () -> Double = { 0 },
        wrapping: (any Algorithm, PeerID) -> any Algorithm = { algorithm, _ in algorithm }
    ) throws {
        self.plan = plan
        self.metrics = metrics
        self.trace = trace
        pulses = Pulses(learners: plan.experiment.peers)
        self.wallSeconds = wallSeconds
        settings = try SimulationSettings(plan)
        evaluation = try RunEvaluation(plan, byzantinePeers: settings.faults.byzantinePeers)
        nextTest = plan.experiment.simulation.testEveryMilliseconds.map { Time(seconds: $0 / 1000) } ?? .distantFuture
        let workers = plan.experiment.simulation.workers ?? ProcessInfo.processInfo.activeProcessorCount
        world = Simulation(peers: plan.experiment.peers, settings, parallelism ?? Parallelism(threads: workers))
        let parts = PlanCache()
        let scorer = try plan.scorer()
        if trace != nil, settings.open != nil {
            throw ConfigurationError(
                key: "simulation.doubt_ms",
                "a trace shows peers by numbers that nobody has on an open network; leave one of the two out")
        }
        if trace != nil {
            tracers = (0..<plan.nodes).map { [world, traceLog] peer in
                PeerTrace(of: PeerID(peer), isServer: peer >= plan.experiment.peers, log: traceLog) { [unowned world] in
                    world.now
                }
            }
        }
        for peer in 0..<plan.nodes {
            world.add(
                wrapping(
                    try settings.open == nil
                        ? plan.algorithm(peer, under: settings.faults) : plan.openAlgorithm(peer), PeerID(peer)),
                model: plan.initialModel(peer),
                learner: try plan.learner(peer, sharing: parts), localOptimizer: try plan.localOptimizer(peer),
                scorer: scorer, tracer: trace == nil ? nil : tracers[peer], links: plan.links)
        }
    }

    /// All that the seed came to, as settings that give the same world: with the seed itself, and the faults that it
    /// drew.
    public var expandedSettings: [String] {
        let drawn = ["simulation.seed": "\(settings.seed)", "simulation.faults": settings.faults.description]
        let others = ["simulation.heal_at", "simulation.test_every_ms", "simulation.workers"]
        return plan.experiment.settings.filter { $0.key.hasPrefix("simulation.") && !others.contains($0.key) }
            .map { "\($0.key)=\(drawn[$0.key] ?? $0.value)" }
    }

    /// Runs the world to its end, to a broken promise, or until it is asked to stop.
    ///
    /// - Parameters:
    ///   - isStopRequested: asked after every few thousand events, or every few of each peer.
    ///   - report: told as often where the run stands.
    ///
    /// Throws when a record cannot be written.
    public func run(
        isStopRequested: () -> Bool = { false }, report: (TrainingProgress) -> Void = { _ in }
    ) throws -> SimulationOutcome {
        watchSteps()
        var ending = RunEnding.completed
        world.countsWaits = metrics != nil && settings.open == nil && plan.nodes <= PeerSummary.pairLimit
        try writePulse(isLast: false)
        for stage in plan.workload.stageRecords { try metrics?.write(.stage(stage)) }
        measured { world.start() }
        while ending == .completed {
            // After the first lap, too: models are copied where they are sent.
            pages.follow()
            // A report looks at every peer, which has cooled down in the meantime.
            let isOver = measured { world.runOn(events: max(5_000, 4 * plan.nodes), until: nextTest) }
            try testIfDue()
            if let failure = failure ?? plan.workload.failure { throw failure }
            try writePasses()
            try trace?.write(traceLog.take())
            try writePulse(isLast: isOver)
            report(progress)
            if isOver { break }
            if isStopRequested() { ending = .stopped }
        }
        if let abandonment {
            ending = .abandoned(peer: abandonment.peer, reason: abandonment.reason)
        } else if let divergence = world.divergence {
            ending = .diverged(peer: divergence.peer.rawValue, step: Int(divergence.step))
        } else if ending == .completed {
            world.checkEnd()
            if roundAtTarget != nil { ending = .targetReached }
        }
        for tracer in tracers { tracer.ends() }
        try trace?.write(traceLog.take())
        return try outcome(ending)
    }

    /// Records how things stand, two hundred times in the run at the most, and at its end.
    private func writePulse(isLast: Bool) throws {
        guard let metrics else { return }
        let progress = progress
        guard isLast || progress.steps >= nextPulse else { return }
        nextPulse = progress.steps + max(1, progress.stepsTotal / 200)
        let standings = (0..<world.peerCount).map { index in
            let peer = PeerID(index)
            return Pulses.Standing(
                world.statistics(of: peer), computingSeconds: world.computingTime(of: peer).seconds,
                mass: world.algorithm(of: peer).invariants.first { $0.name == Invariant.mass }?.held,
                state: !world.isAlive(peer) ? .dead : world.isFinished(peer) ? .finished : .running,
                waits: world.waits(of: peer))
        }
        let pulse = pulses.record(
            standings, time: world.now.seconds, stepsTotal: progress.stepsTotal, dropped: world.statistics.dropped)
        if let pulse { try metrics.write(.pulse(pulse)) }
    }

    private func writePasses() throws {
        for peer in learners {
            for span in world.takePassSpans(of: peer) { try metrics?.write(plan.record(span, of: peer.rawValue)) }
        }
    }

    /// The first peer that could not go on, and why.
    private var abandonment: (peer: Int, reason: String)? {
        for peer in 0..<world.peerCount {
            if let reason = world.abandonment(of: PeerID(peer)) { return (peer, reason) }
        }
        return nil
    }

    private func measured<Result>(_ body: () -> Result) -> Result {
        let begin = wallSeconds()
        defer { simulatingSeconds += wallSeconds() - begin }
        return body()
    }

    /// Does what does not belong to the simulation proper, such as testing a model.
    func aside(_ body: () throws -> Void) rethrows {
        let begin = wallSeconds()
        defer { simulatingSeconds -= wallSeconds() - begin }
        try body()
    }

    private var progress: TrainingProgress {
        var progress = TrainingProgress()
        progress.steps = Int(stepsOfLearners.reduce(0, +))
        progress.stepsTotal = plan.length.ofLearners.map { Int($0) }.reduce(0, +)
        progress.seconds = simulatingSeconds
        return progress
    }

    var learners: [PeerID] { (0..<plan.experiment.peers).map { PeerID($0) } }
    var stepsOfLearners: [UInt64] { learners.map { world.statistics(of: $0).steps } }
}
