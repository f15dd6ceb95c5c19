import Dispatch
import Runtime
import Synchronization

/// A rank that does not lead: it makes its peers ready, and then carries out what rank 0 orders, until that dismisses
/// it.
package struct RankService {
    private let post: RankPost
    private let stopSignal: () -> Int32?
    private let ring = Ring()

    /// Rings once for all that happens until rank 0 has looked.
    private final class Ring: Sendable {
        let isRung = Atomic(false)
    }

    /// - Parameter stopSignal: The signal by which the end of the run was asked for here, if it was.
    package init(_ post: RankPost, stopSignal: @escaping () -> Int32?) {
        self.post = post
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
            post.send(Parcel(.introduction(Introduction(problem: "\(error)", code: code(error)))), to: 0)
            return try dismissal()
        }
        let crew = Crew(plan, post: post, ears: ears)
        post.send(Parcel(.introduction(Introduction(plan))), to: 0)
        while true {
            guard let message = try next() else { continue }
            switch message.head {
            case .order(let number, let order):
                if case .report = order { ring.isRung.store(false, ordering: .sequentiallyConsistent) }
                let answer = crew.carryOut(message.map { _ in order })
                post.send(answer.map { .answer(number, $0) }, to: 0)
            case .dismissal(let code):
                return code
            case .introduction, .answer, .event:
                throw RankError(0, "speaks out of turn; start all ranks with the same build")
            }
        }
    }

    private var ears: Crew.Ears {
        Crew.Ears(
            handIn: { [post] snapshot, step in
                post.send(
                    Parcel(
                        .event(.snapshot(peer: snapshot.peer, samples: snapshot.samples, step: step)),
                        payload: snapshot.model, isUnasked: true), to: 0)
            },
            leave: { peer in preconditionFailure("peer \(peer) dies by a fault on a rank of several") },
            ring: { [post, ring] in
                guard !ring.isRung.exchange(true, ordering: .sequentiallyConsistent) else { return }
                post.send(Parcel(.event(.ring), isUnasked: true), to: 0)
            },
            stopSignal: stopSignal)
    }

    private func dismissal() throws -> Int32 {
        while true {
            guard case .dismissal(let code)? = try next()?.head else { continue }
            return code
        }
    }

    /// The next message of rank 0, waited for. Throws when it has fallen silent.
    private func next() throws -> Parcel<RankPost.Message>? {
        if let (message, _) = try post.take() { return message }
        // Whether other ranks are there is for rank 0 to say.
        if let rank = post.takeSilence(), rank == 0 {
            post.ranks.forget(rank)
            throw RankError(
                post.rank,
                "nothing is heard of rank \(rank) any more, which leads the run; go on from the last checkpoint "
                    + "with checkpoint.resume=last")
        }
        post.mail.wait()
        return nil
    }
}
