import Checkpoints
import Dispatch
import Gossip
import Graphs
import InProcessTransport
import Runs
import Runtime
import Synchronization

/// A peer that dies: from then on it handles nothing and asks for nothing. Its thread goes on all the same, to be its
/// tombstone: frames that it had sent go on their way, those that come to it vanish, and when the time has come it
/// tells the others. Nobody waits for the peer then, neither a test nor a checkpoint nor the end of the run.
extension PeerThread {
    /// Ends the peer's life now.
    func die(_ core: borrowing Core, _ environment: PeerEnvironment) {
        let others = environment.network.peers - 1
        // The news is under way from now on, so that no run ends before everybody has heard it.
        for _ in 0..<others { environment.traffic.began() }
        let held = core.node.algorithm.invariants.filter { $0.name == Invariant.mass }.map(\.held).reduce(0, +)
        environment.faults?.account(core.node.session, held: held)
        progress.withLock { $0.diedAt = environment.clock.trainingSeconds }
        core.port.tracer?.dies()
        compute.stopStragglerDelay()
        environment.leave(me)
        environment.ring()
    }

    /// Lies dead until the run ends.
    ///
    /// - Parameter isAnnounced: Whether the others know already, in a run that goes on.
    func lieDead(_ core: inout Core, _ environment: PeerEnvironment, isAnnounced: Bool) {
        let crash = progress.withLock { $0.diedAt } ?? 0
        var isAnnounced = isAnnounced
        while !isRunEnding {
            let announcement = isAnnounced ? nil : environment.faults?.announcement(ofCrashAt: Time(seconds: crash))
            if !isAnnounced, announcement == nil {
                isAnnounced = true
                for peer in (0..<environment.network.peers).map({ PeerID($0) }) where peer != me {
                    environment.network.waker(for: peer).post(.peerLeft(me))
                }
            }
            let inbound = core.port.nextOfTheDead(until: announcement)
            if case .frame(let frame) = inbound { core.port.tracer?.dropped(frame) }
            switch inbound {
            case .frame, .gradientReady, .passAdvanced, .timer, .peerLeft, .averaged, .event(.leave):
                environment.traffic.ended()
            case .peerJoined, .greetingWanted, .linkUp, .linkDown, .doubtOver, .forgotten, .event, .wake, .none: break
            }
            answer(&core, nil, environment)
        }
    }
}
