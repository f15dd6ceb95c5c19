import Checkpoints
import Gossip
import Runs
import Runtime

/// Who leads a run: what the peers report goes in, what is to be done next comes out.
///
/// A value without threads, clocks or files. It knows which phase the run is in, and so when models are tested, when
/// the run is saved, when it ends and who is dead; whoever hosts it carries out what it says, over whatever joins it to
/// the peers, and then asks again.
package struct Leader {
    /// What the run is at.
    enum Phase: Equatable {
        case running
        /// The peers come to rest for the run to be saved, and the run ends then.
        case savingLast
        /// Every peer ends soon.
        case stopping
        /// Something went wrong: every peer ends soon, and nothing is tested or saved any more.
        case givingUp
    }

    /// What is to be done next.
    enum Decision: Equatable {
        /// Test the models of a test for which all have been handed in, and tell the leader what came out.
        case test
        /// Have all peers rest after a step that is asked for once they are paused: `restStep`.
        case rest
        /// Have those rest, too, who do not know of it.
        case spreadRest(afterStep: UInt64)
        /// Save the run, which is at rest.
        case save
        /// Let the peers go on.
        case goOn
        /// Have every peer end after a step that is asked for once they are paused: `lastStep`.
        case stop
        /// Have every peer give away what it holds, and end.
        case leave
        /// Nothing goes wrong any more.
        case endFaults
        /// See at once how things stand.
        case look
        /// Wait until something happens.
        case wait
        /// All is over.
        case finish
        /// Refuse the checkpoint: nothing happens any more, and somebody has steps to make.
        case refuse
    }

    /// What a worker has said last, and of whom.
    struct Standing {
        /// The last report of each worker that is there.
        var reports: [Int: WorkerReport] = [:]
        /// Whether somebody is missing, without whom there is no whole run to save.
        var lacksPeers = false
    }

    /// How the leader goes about it.
    struct Settings {
        /// Whether peers wait for each other, so that all must rest and end after the same step.
        var isLockStep: Bool
        /// When the run is saved; nil for never.
        var savingSchedule: EvaluationSchedule?
        var stopsAtTarget: Bool
        /// Whether some peer is byzantine, so that others may well come to NaN.
        var toleratesDivergence = false
        /// Whether the run goes on from a checkpoint and loses nothing, so that it stands still only where the states
        /// of its peers do not belong together.
        var refusesStandstill = false
        /// Whether others go on when the peers have made their steps, and are to have what these hold.
        var leavesToOthers = false
    }

    private let settings: Settings
    private(set) var phase = Phase.running
    private(set) var ending = RunEnding.completed
    /// The signal by which the end was asked for, on whatever rank.
    private(set) var stopSignal: Int32?
    /// What the peers said of themselves last: the learners, and the servers behind them.
    private(set) var peers: [PeerProgress]

    private var standing = Standing()
    /// The counts of the last look where nothing was under way by them; and whether they were the same before that.
    private var stillness: TerminationDetector?
    private var isQuiet = false
    /// For how many looks nothing has been under way while somebody had steps to make.
    private var stillLooks = 0
    private static let stillLooksLimit = 5
    private var haveFaultsEnded = false
    /// Whether the peers were told to give away what they hold.
    private var haveLeft = false
    private var isTestOver = false
    /// Whether the run is saved as it rests now.
    private var isSavedHere = false

    init(_ settings: Settings, peers: [PeerProgress]) {
        self.settings = settings
        self.peers = peers
    }

    /// Whether the peers are to end.
    var isStopping: Bool { phase == .stopping || phase == .givingUp }

    // MARK: What comes in

    /// How things stand now.
    ///
    /// - Parameter progress: What the peers of the reporting workers say of themselves.
    mutating func take(_ standing: Standing, _ progress: [Int: PeerProgress]) {
        self.standing = standing
        for (index, peer) in progress { peers[index] = peer }
        let now = TerminationDetector(standing.reports.mapValues(\.traffic))
        isQuiet = now != nil && now == stillness
        stillness = now
    }

    /// Peers are gone with those who told of them.
    mutating func account(_ lost: Range<Int>, atSeconds seconds: Double) {
        for peer in lost { peers[peer].diedAt = peers[peer].diedAt ?? seconds }
    }

    /// A test was made.
    mutating func tested(hasReachedTarget: Bool) {
        guard hasReachedTarget, settings.stopsAtTarget, !isStopping else { return }
        isTestOver = true
        ending = .targetReached
        phase = .stopping
        mustStop = true
    }

    /// Something cannot be done; the run ends.
    mutating func giveUp() {
        phase = .givingUp
        mustStop = true
    }

    // MARK: What comes out

    /// Whether the peers are still to be told that they are to end.
    private var mustStop = false

    /// What is to be done next.
    ///
    /// - Parameter isTestReady: Whether there is a test for which all models have been handed in.
    mutating func next(isTestReady: Bool) -> Decision {
        if mustStop {
            mustStop = false
            haveFaultsEnded = true
            return lastOrder
        }
        if isTestReady, !isTestOver, phase != .givingUp { return .test }
        if !isStopping, let ending = failure { return stop(ending) }
        if phase == .running, let signal = signals.first {
            stopSignal = signal
            guard settings.savingSchedule != nil else { return stop(.stopped) }
            phase = .savingLast
            return .rest
        }
        if !isStopping, let step = cuts.min() {
            // What the peers of one rank were the first to find due is due on all.
            guard cuts.count == standing.reports.count else { return .spreadRest(afterStep: step) }
            return unquiet ?? atRest()
        }
        // Where a peer has given up, others may wait for it; nothing more comes of that.
        if case .abandoned = ending { return unquiet ?? .finish }
        if !haveFaultsEnded, peers.allSatisfy(\.hasMadeItsSteps) {
            haveFaultsEnded = true
            return .endFaults
        }
        if settings.leavesToOthers, !isStopping, !haveLeft, peers.allSatisfy(\.hasMadeItsSteps) { return lastOrder }
        return peers.allSatisfy(\.isDone) ? unquiet ?? atEnd() : waitOrRefuse()
    }

    /// By what the peers come to their end. A model that is no number is given to nobody.
    private var lastOrder: Decision {
        mutating get {
            switch ending {
            case .completed, .targetReached, .stopped:
                haveLeft = settings.leavesToOthers
                return haveLeft ? .leave : .stop
            case .diverged, .abandoned: return .stop
            }
        }
    }

    private mutating func waitOrRefuse() -> Decision {
        let isStill =
            settings.refusesStandstill && isQuiet && !isStopping && peers.allSatisfy { $0.timers == 0 }
            && !peers.allSatisfy(\.hasMadeItsSteps)
        stillLooks = isStill ? stillLooks + 1 : 0
        guard stillLooks >= Self.stillLooksLimit else { return .wait }
        // Nobody waits for the others to end, either.
        ending = .abandoned(peer: 0, reason: "")
        return .refuse
    }

    /// The step after which paused peers are to rest. Those that are about to rest already do so after the same step
    /// everywhere, as do those that will find their next step due for it: a sum of all ranks must not wait for one that
    /// rests before.
    var restStep: UInt64 {
        let next = furthestStep + 1
        return cuts.min() ?? (settings.savingSchedule?.isDue(next) == true ? next : next + 1)
    }

    /// The step after which paused peers are to end: at once where each goes its own way.
    var lastStep: UInt64 { RunLength.lastStep(furthest: furthestStep, isLockStep: settings.isLockStep) }

    private var furthestStep: UInt64 { peers.map(\.statistics.steps).max() ?? 0 }
    private var cuts: [UInt64] { standing.reports.values.compactMap(\.cut) }
    private var signals: [Int32] { standing.reports.sorted { $0.key < $1.key }.compactMap(\.value.stopSignal) }

    private mutating func stop(_ ending: RunEnding) -> Decision {
        self.ending = ending
        phase = .stopping
        haveFaultsEnded = true
        return lastOrder
    }

    /// A peer that has given up or lost its way.
    private var failure: RunEnding? {
        for (index, peer) in peers.enumerated() {
            if let reason = peer.abandonment { return .abandoned(peer: index, reason: reason) }
            if let step = peer.divergedAt, !settings.toleratesDivergence {
                return .diverged(peer: index, step: Int(step))
            }
        }
        return nil
    }

    /// What is done while something may be under way; nil once nothing is. That is looked at twice, since the reports
    /// of several workers are not of one moment.
    private var unquiet: Decision? { isQuiet ? nil : stillness == nil ? .wait : .look }

    private mutating func atRest() -> Decision {
        if mustSave() { return .save }
        isSavedHere = false
        return phase == .savingLast ? stop(.stopped) : .goOn
    }

    /// A run that came to its end is saved as it ended.
    private mutating func atEnd() -> Decision {
        switch ending {
        case .completed, .targetReached: phase != .givingUp && mustSave() ? .save : .finish
        case .stopped, .diverged, .abandoned: .finish
        }
    }

    /// Whether the run is to be saved, once where it rests.
    private mutating func mustSave() -> Bool {
        guard !isSavedHere, settings.savingSchedule != nil, !standing.lacksPeers else { return false }
        isSavedHere = true
        return true
    }
}
