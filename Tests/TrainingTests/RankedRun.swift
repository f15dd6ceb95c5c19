import Datasets
import Foundation
import Gossip
import Runs
import Synchronization
import TestKit

@testable import Experiments
@testable import Training

/// A run over several ranks, each a thread of this process.
struct RankedRun {
    var ranks: Int
    var overrides: [String]
    /// The signal that each rank gets at once; 0 for none.
    var signals: [Int: Int32] = [:]
    /// Whether exact averages are the network's.
    var takesSums = false
    /// What a rank is started with besides.
    var ownOverrides: [Int: [String]] = [:]

    func plan(_ rank: Int = 0) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(
            file: nil, overrides: overrides + (ownOverrides[rank] ?? []), registries: .all, ranks: ranks)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil), rank: rank, ranks: ranks)
    }

    /// Leads the run by `lead` on rank 0, which is given the network too, and tells the exit codes of the others.
    func run<Result: Sendable>(
        code: Int32 = 0, _ lead: (ControlMailbox, TrainingPlan, [ThreadRanks]) throws -> Result
    ) throws -> (result: Swift.Result<Result, any Error>, codes: [String]) {
        let networks = ThreadRanks.make(ranks, takesSums: takesSums)
        let codes = Mutex<[Int: String]>([:])
        let group = DispatchGroup()
        for network in networks.dropFirst() {
            group.enter()
            let thread = Thread { [self] in
                let service = WorkerLoop(ControlMailbox(network)) { signals[network.rank] }
                let said: String
                do {
                    said = "\(try service.serve({ try plan(network.rank) }, code: { _ in 78 }))"
                    network.end()
                } catch {
                    said = "\(error)"
                }
                codes.withLock { $0[network.rank] = said }
                group.leave()
            }
            thread.start()
        }
        let mailbox = ControlMailbox(networks[0])
        let result = Swift.Result {
            let plan = try plan()
            try mailbox.shakeHands(plan)
            return try lead(mailbox, plan, networks)
        }
        mailbox.shutDown(code)
        group.wait()
        return (result, codes.withLock { codes in codes.sorted { $0.key < $1.key }.map(\.value) })
    }

    /// The outcome of a whole run that keeps no records.
    func outcome() throws -> TrainingOutcome {
        let (result, codes) = try run { mailbox, plan, _ in
            try TrainingRun(plan, metrics: nil, mailbox: mailbox, stopSignal: { signals[0] }).run()
        }
        precondition(codes == [String](repeating: "0", count: ranks - 1), "ranks end with \(codes)")
        return try result.get()
    }
}
