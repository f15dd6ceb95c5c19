import Conditions
package import Configuration
public import Datasets
public import Experiments
package import Gossip
package import Graphs
import Optimizers
public import Runtime
public import Vectors
package import Workloads

/// An experiment made ready: data read, shares dealt, model checked, everything that can be refused refused. A run
/// begins only from here, so that a mistake costs no earlier result.
public struct TrainingPlan: Sendable {
    /// The settings that the plan was made from.
    public let experiment: Experiment
    /// How many steps each learner makes, and how many are an epoch.
    package let length: RunLength
    package let workload: any Workload
    package let graph: Graph
    /// Who lives on which rank.
    package let ranks: RankLayout
    let joiners: Set<PeerID>
    /// How the links compress; nil where they do not.
    package let links: LinkSettings?
    private let linkRate: Double?
    /// How this process's peer takes part in an open network; nil for a run whose peers are all known, be it one in
    /// virtual time, which knows them though they do not know each other.
    package private(set) var terms: LinkTerms?

    /// Servers behind the learners.
    package var servers: Int { Algorithms.traits(experiment.algorithm.name).servers }
    /// Whether the peers wait for each other in every step.
    package var isLockStep: Bool {
        Algorithms.traits(experiment.algorithm.name, options: experiment.algorithm.options).isLockStep
    }
    /// Gradient steps of the learner that makes the most.
    public var steps: UInt64 { length.steps }

    /// What the user should know of the settings before the run begins, a sentence each.
    public var remarks: [String] {
        guard let epochs = try? Schedules.warmUp(experiment.schedule.options), epochs > 0 else { return [] }
        let run = Double(length.steps) / Double(length.stepsPerEpoch)
        guard epochs > run else { return [] }
        return [
            "schedule.warmup_epochs: \(epochs) epochs are more than the run has (\(run)), so the learning rate never "
                + "reaches its full value"
        ]
    }

    /// Whether the learning rate after a step is another one in a run of so many steps than in this one.
    package func isScheduleTied(toLengths steps: UInt64, at step: UInt64) throws(ConfigurationError) -> Bool {
        let schedule = try rateSchedule()
        func factor(_ steps: UInt64) -> Double {
            schedule.factor(at: Int(step), stepsPerEpoch: Double(length.stepsPerEpoch), of: Int(steps))
        }
        return factor(steps) != factor(length.steps)
    }

    private func rateSchedule() throws(ConfigurationError) -> any Schedule {
        try Schedules.make(
            experiment.schedule.name, experiment.schedule.options, samplesPerStep: experiment.samplesPerStep)
    }

    /// Peers of the run, the learners first and the servers behind them.
    package var nodes: Int { experiment.peers + servers }

    /// Names and shapes of the parameters that are learned.
    public var layout: VectorLayout { workload.layout }

    /// Numbers in a peer's vectors: those of the model, or of what the peer has of it.
    package func vectorCount(of peer: Int) -> Int { workload.vectorLayout(of: peer).count }

    /// The models of learners who have these: each its own, nil where it is lost, or those that they have together.
    package func models(of learners: [Payload?]) -> [Payload?] {
        guard workload.division != nil else { return learners }
        let parts = learners.enumerated().compactMap { peer, model in model.map { (peer: peer, model: $0) } }
        return workload.wholeModels(of: parts).map(\.model)
    }

    /// Throws `ExperimentError` for settings that do not go together with each other or with the data, and `DataError`
    /// for data that is missing or malformed.
    ///
    /// - Parameters:
    ///   - rank: Which of the processes this is that carry the run out; it reads only what its peers learn from and,
    ///     where it is the first, what models are tested on.
    ///   - ranks: How many processes there are.
    ///   - terms: How this process's peer takes part in an open network; nil for a run whose peers are all known.
    public init(
        _ loaded: LoadedExperiment, places: DataPlaces, rank: Int = 0, ranks: Int = 1, terms: LinkTerms? = nil
    ) throws {
        do {
            var experiment = loaded.experiment
            experiment.drawKey = terms?.key
            try self.init(experiment, places: places, rank: rank, ranks: ranks)
            self.terms = terms
            if terms != nil { _ = try openAlgorithm(0) }
        } catch let error as ConfigurationError {
            throw loaded.located(error)
        }
    }

    private init(_ experiment: Experiment, places: DataPlaces, rank: Int, ranks: Int) throws {
        let layout = try RankLayout(
            learners: experiment.peers, servers: Algorithms.traits(experiment.algorithm.name).servers, ranks: ranks)
        let workload = try experiment.workload.make(
            experiment, places, ranks > 1 ? layout.learners(of: rank) : nil, rank == 0)
        try self.init(experiment, workload, ranks: layout)
    }

    package init(_ experiment: Experiment, _ workload: any Workload, ranks: RankLayout? = nil) throws {
        self.experiment = experiment
        self.ranks =
            ranks
            ?? RankLayout(learners: experiment.peers, servers: Algorithms.traits(experiment.algorithm.name).servers)
        self.workload = workload
        graph = try inSection("topology") { () throws(ConfigurationError) in
            try Graph(
                experiment.topology.name, peers: experiment.peers, seed: UInt64(experiment.seed),
                options: experiment.topology.options)
        }
        joiners = try Self.joiners(experiment)
        try Self.checkAttacks(experiment, workload)
        let compression = try Self.compression(experiment, workload, graph)
        (links, linkRate) = (compression?.links, compression?.rate)
        let traits = Algorithms.traits(experiment.algorithm.name, options: experiment.algorithm.options)
        length = RunLength(
            shares: (0..<experiment.peers).map(workload.stepsPerEpoch), epochs: experiment.epochs,
            steps: experiment.steps.map { UInt64($0) },
            isPacedByShares: traits.isPacedByShares)
        if traits.needsScores, try workload.scorer(byLoss: traits.scoresByLoss) == nil {
            throw ConfigurationError(
                key: "data.validation_samples",
                "\(experiment.algorithm.name) scores models on samples that nobody learns from; set some apart")
        }
        // What each peer's own parts refuse is refused for all of them now.
        for peer in 0..<nodes { _ = try algorithm(peer) }
        _ = try localOptimizer(0)
    }

    /// The peers that join later. Throws for the first where the algorithm takes in nobody.
    private static func joiners(_ experiment: Experiment) throws(ConfigurationError) -> Set<PeerID> {
        let (name, options) = (experiment.algorithm.name, experiment.algorithm.options)
        let joiners = try experiment.faultList().joiners
        if let first = joiners.values.min(),
            !Algorithms.traits(name, options: options).faultTolerance.contains(.join)
        {
            let others = Algorithms.all.map(\.name).filter { Algorithms.traits($0).faultTolerance.contains(.join) }
            throw ConfigurationError(
                key: "simulation.faults[\(first)]",
                "\(name) takes in nobody who joins later; those that do are " + others.joined(separator: ", "))
        }
        return Set(joiners.keys)
    }

    /// When models are tested, or the run is saved, every so many epochs.
    package func schedule(everyEpochs epochs: Double) -> EvaluationSchedule {
        EvaluationSchedule(everyEpochs: epochs, in: length)
    }

    /// The schedule of the tests.
    package var testSchedule: EvaluationSchedule { schedule(everyEpochs: experiment.evaluate.everyEpochs) }

    /// Steps of a peer between two records of how its batches did: some ten an epoch, a thousand a run at the most.
    package var stepsPerTrainingLine: UInt64 { max(1, length.stepsPerEpoch / 10, steps / 1000) }

    /// Steps that a peer may make beyond those asked for: rounds are completed, and a server counts their sum alone.
    package var stepsBeyond: UInt64 {
        let (name, options) = (experiment.algorithm.name, experiment.algorithm.options)
        let epochs = Algorithms.epochsPerRound(name, options: options)
        guard epochs > 0 else { return 0 }
        let round = (0..<experiment.peers).map { workload.stepsPerEpoch(of: $0) }.max() ?? 1
        return UInt64(epochs * round) + steps * UInt64(experiment.peers)
    }

    /// A peer's algorithm, as long as it is honest.
    package func algorithm(_ peer: Int) throws(ConfigurationError) -> any Algorithm {
        let setup = try setup(peer)
        return try inSection("algorithm") { () throws(ConfigurationError) in
            try Algorithms.make(experiment.algorithm.name, setup, options: experiment.algorithm.options)
        }
    }

    func setup(_ peer: Int) throws(ConfigurationError) -> Setup {
        let isLearner = peer < experiment.peers
        let (optimizer, options) = (experiment.optimizer.name, experiment.optimizer.options)
        let hasMomentum = try inSection("optimizer") { () throws(ConfigurationError) in
            try Optimizers.hasMomentum(optimizer, options)
        }
        return Setup(
            me: PeerID(peer), peers: experiment.peers, seed: UInt64(experiment.seed), graph: graph,
            samples: isLearner ? workload.samples(of: peer) : 0,
            stepsPerEpoch: isLearner ? workload.stepsPerEpoch(of: peer) : 0,
            steps: isLearner ? length.ofLearners[peer] : length.steps,
            learnerSteps: isLearner ? [] : length.ofLearners, optimizerHasMomentum: hasMomentum, joiners: joiners,
            tensors: extents(peer), linkRate: linkRate)
    }

    /// The tensors of a peer's vectors as matrices, a row for each output; those of one dimension are one row.
    private func extents(_ peer: Int) -> [Factoring.Extent] {
        workload.vectorLayout(of: peer).entries.filter { $0.count > 0 }.map { entry in
            let rows = entry.isWeight ? entry.shape[0] : 1
            return Factoring.Extent(rows: rows, columns: entry.count / rows)
        }
    }

    /// The model that a peer starts from; a server's is that of the first learner, which is everybody's where the start
    /// is common.
    package func initialModel(_ peer: Int) -> FlatVector {
        workload.initialModel(of: peer < experiment.peers ? peer : 0)
    }

    /// What computes a peer's gradients, with what it shares with other learners of its thread; a server computes none.
    package func learner(_ peer: Int, sharing parts: PlanCache = PlanCache()) throws -> sending any Learner & ~Copyable
    {
        guard peer < experiment.peers else { return AbsentLearner() }
        return try workload.learner(of: peer, sharing: parts)
    }

    /// What scores models, for an algorithm that wants it.
    package func scorer() throws -> (any Scorer)? {
        let traits = Algorithms.traits(experiment.algorithm.name, options: experiment.algorithm.options)
        return traits.needsScores ? try workload.scorer(byLoss: traits.scoresByLoss) : nil
    }

    /// What a peer steps with; a server, which makes no steps, has one all the same.
    package func localOptimizer(_ peer: Int) throws(ConfigurationError) -> ScheduledOptimizer {
        let optimizer = try inSection("optimizer") { () throws(ConfigurationError) in
            try Optimizers.make(
                experiment.optimizer.name, experiment.optimizer.options, layout: workload.vectorLayout(of: peer))
        }
        let schedule = try inSection("schedule") { () throws(ConfigurationError) in
            try rateSchedule()
        }
        let isLearner = peer < experiment.peers
        return ScheduledOptimizer(
            optimizer, schedule: schedule,
            stepsPerEpoch: Double(isLearner ? length.stepsPerEpoch(of: peer) : length.stepsPerEpoch),
            steps: isLearner ? length.ofLearners[peer] : length.steps)
    }
}
