public import Configuration
import Graphs

/// One peer-to-peer network for each layer: the network is cut into stages, the peers of a stage share its work on each
/// microbatch, activations pass forward from stage to stage and gradients back.
///
/// Citation: S. Temani, M. Jivrajani, NetTorrent, DSC-PESU, 2019, github.com/dscpesu/NetTorrent: the vision of its
/// README, which its code does not contain. Schedules: Y. Huang et al., GPipe, NeurIPS 2019 (gpipe); D. Narayanan et
/// al., PipeDream, SOSP 2019 (1f1b; asynchronous with weight stashing).
///
/// Update rule, with G_u the microbatches of update u (those of the batch; asynchronous: one), k of them in a batch and
/// B_j the rows or neurons of slot j, in every stage s:
///
///     g_n,j <- the share of B_j in the gradient of microbatch n's mean loss at the parameters of its forward pass
///     x_s   <- optimizer(x_s, sum over j, n in G_u of g_n,j / k)            in the order of n, at every slot
///
/// The synchronous schedules so make the steps of one peer with the same batches. The asynchronous one goes forward
/// with parameters that lack the updates of the microbatches under way, at most as many as there are stages behind.
/// With `stage_sync: gossip` slot j takes its own step, on m times its own share, and gossips its stage's model.
///
/// Assumptions: peers = stages x peers_per_stage; all peers know the data. A batch is divided by microbatches without
/// rest. Batch-norms measure a microbatch, over all of its rows.
///
/// Departures: the paper's best-peer choice of models is `best-peer`; its data sets of the peers are the rows.
///
/// When a peer dies whose stage shares rows and sums exactly, the next peer of its stage computes its rows too. What
/// the others had sent to the dead goes to that one: they hold it until nobody can need it. A stage of which nobody is
/// left ends the run, for its parameters are lost; so does any death where slots gossip or share neurons.
public struct NetTorrent: Algorithm {
    enum Synchronization: String, Sendable, Codable, CaseIterable { case exact, gossip }

    static let stages = Option.integerRows(
        "stages", orWord: "auto", "layers of each stage, such as [[0, 1], [2]]; auto: of equal work")
    static let peersPerStage = Option.integer(
        "peers_per_stage", default: 2, in: 1...PartLabel.slotLimit, "peers that share the work of a stage (m)")
    static let split = Option.choice(
        "split", default: Division.Split.rows, "what they share it by: samples, or outputs of layers")
    static let schedule = Option.choice(
        "schedule", default: PassSchedule.Name.asynchronous, "order of the passes of microbatches, and of updates")
    static let microbatches = Option.integer(
        "microbatches", default: 4, in: 1...65536, "equal parts of a batch that pass through the stages (k)")
    static let stageSync = Option.choice(
        "stage_sync", default: Synchronization.exact, "how peers of a stage keep their weights together")

    public static let description = Description(
        name: "nettorrent", summary: "a network of peers for each layer or run of layers (NetTorrent 2019)",
        options: [
            stages.description, peersPerStage.description, split.description, schedule.description,
            microbatches.description, stageSync.description,
        ])
    public static let traits = traits(Options())
    public static func traits(_ options: Options) -> Traits {
        let division = try? division(options)
        let isExact = (try? options.value(stageSync)) ?? .exact == .exact
        return Traits(
            faultTolerance: isExact && division?.split == .rows && division?.peersPerStage != 1 ? [.crash] : [],
            isLockStep: true, readsGradient: true, division: division)
    }

    var passes: LayerPasses
    /// The two ways of peers that share rows to keep their weights together.
    var sum: StageSum?
    var gossip: StageGossip?
    var stepCounter: StepCounter
    /// Updates of the model.
    var updates: UInt64 = 0
    var hasFinished = false

    public init(_ setup: Setup, options: Options) throws(ConfigurationError) {
        let division = try Self.division(options)
        let schedule = PassSchedule(
            name: try options.value(Self.schedule), microbatches: UInt64(division.microbatches),
            stages: division.stageCount(peers: setup.peers))
        let synchronization = try options.value(Self.stageSync)
        try division.check(peers: setup.peers)
        let isShared = division.peersPerStage > 1
        if synchronization == .gossip, division.split == .neurons || !isShared {
            throw ConfigurationError(
                key: Self.stageSync.description.name,
                "peers of a stage gossip where each has all its weights: set split=rows, and peers_per_stage to more "
                    + "than 1")
        }
        if isShared, division.split == .rows {
            sum = synchronization == .exact ? StageSum() : nil
            gossip = synchronization == .gossip ? StageGossip(waits: schedule.name != .asynchronous) : nil
        }
        let assignment = StageAssignment(me: setup.me, stages: schedule.stages, slots: division.peersPerStage)
        passes = LayerPasses(assignment, schedule, isRepeatable: sum != nil)
        stepCounter = StepCounter(steps: setup.steps)
    }

    private static func division(_ options: Options) throws(ConfigurationError) -> Division {
        Division(
            stages: try options.value(stages), peersPerStage: try options.value(peersPerStage),
            split: try options.value(split), microbatches: try options.value(microbatches))
    }

    /// Every step counts when it is over.
    public var awaitsNextStep: Bool { true }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start: break
        case .passStopped(let pass, let stop, let parts):
            passes.stopped(pass, at: stop, parts, &effects)
        case .passEnded(let pass, _, _):
            if passes.ended(pass, &effects) { addUp(pass, &effects) }
        case .received(let payload, let metadata, let sender):
            received(payload, metadata, from: sender, &effects)
        case .delivered(let message):
            passes.delivered(message)
            sumUp(&effects)
        case .peerLeft(let peer): left(peer, &effects)
        case .peerJoined(let peer):
            if passes.assignment.dead.contains(peer) {
                effects.abandon("nettorrent takes in nobody who comes back, and peer \(peer) does")
            }
        case .stop(let step):
            stepCounter.stop(after: step)
            let end = end
            passes.drop(&effects) { $0 >= end }
            finishIfDone(&effects)
        case .end:
            return passes.shelf.release(&effects) { _, _ in true }
        default: return
        }
        if !hasFinished { passes.goOn(updates: updates, end: end, &effects) }
    }
}
