import Dispatch
import Graphs
package import Runs
import Runtime
import Synchronization

/// A rank that does not lead: it makes its peers ready, and then carries out what rank 0 orders, until that dismisses
/// it.
package struct WorkerLoop {
    private let mailbox: ControlMailbox
    private let stopSignal: () -> Int32?
    private let ring = Ring()

    /// Rings once for all that happens until rank 0 has looked.
    private final class Ring: Sendable {
        let isRung = Atomic(false)
    }

    /// - Parameter stopSignal: The signal by which the end of the run was asked for here, if it was.
    package init(_ mailbox: ControlMailbox, stopSignal: @escaping () -> Int32?) {
        self.mailbox = mailbox
        self.stopSignal = stopSignal
    }

    /// Serves until the end of the run, and tells the exit code that rank 0 gives. Then it is time to take leave.
    ///
    /// - Parameters:
    ///   - prepare: Makes the plan; what it throws is rank 0's to tell.
    ///   - code: The exit code that goes with an error.
    package func serve(
        _ prepare: () throws -> TrainingPlan, code: (any Error) -> Int32
    ) throws -> Int32 {
        let plan: TrainingPlan
        do {
            plan = try prepare()
        } catch {
            mailbox.send(ControlContent(.handshake(Handshake(problem: "\(error)", code: code(error)))), to: 0)
            return try shutdown()
        }
        let localPeers = LocalPeers(plan, mailbox: mailbox, callbacks: callbacks)
        mailbox.send(ControlContent(.handshake(Handshake(plan))), to: 0)
        while true {
            guard let message = try next() else { continue }
            switch message.head {
            case .command(let number, let command):
                if case .report = command { ring.isRung.store(false, ordering: .sequentiallyConsistent) }
                let reply = localPeers.carryOut(message.map { _ in command })
                mailbox.send(reply.map { .reply(number, $0) }, to: 0)
            case .shutdown(let code):
                return code
            case .handshake, .reply, .event:
                throw RankError(0, "speaks out of turn; start all ranks with the same build")
            }
        }
    }

    private var callbacks: LocalPeers.PeerCallbacks {
        LocalPeers.PeerCallbacks(
            handIn: { [mailbox] snapshot, step in
                mailbox.send(
                    ControlContent(
                        .event(.snapshot(peer: snapshot.peer, samples: snapshot.samples, step: step)),
                        payload: snapshot.model, isUnasked: true), to: 0)
            },
            leave: { peer in preconditionFailure("peer \(peer) dies by a fault on a rank of several") },
            ring: { [mailbox, ring] in
                guard !ring.isRung.exchange(true, ordering: .sequentiallyConsistent) else { return }
                mailbox.send(ControlContent(.event(.ring), isUnasked: true), to: 0)
            },
            stopSignal: stopSignal)
    }

    private func shutdown() throws -> Int32 {
        while true {
            guard case .shutdown(let code)? = try next()?.head else { continue }
            return code
        }
    }

    /// The next message of rank 0, waited for. Throws when it has fallen silent.
    private func next() throws -> ControlContent<ControlMailbox.Message>? {
        if let (message, _) = try mailbox.take() { return message }
        // Whether other ranks are there is for rank 0 to say.
        if let rank = mailbox.takeTimeout(), rank == 0 {
            mailbox.ranks.forget(rank)
            throw RankError(
                mailbox.rank,
                "nothing is heard of rank \(rank) any more, which leads the run; go on from the last checkpoint "
                    + "with checkpoint.resume=last")
        }
        mailbox.mail.wait()
        return nil
    }
}
