import Foundation
import Gossip
import Runtime
import Safetensors
import Synchronization
import Vectors

/// A run that comes to rest, is saved, and goes on; or that goes on where another one was saved.
extension TrainingRun {
    /// Where a resumed run goes on.
    struct Resumed {
        let checkpoint: Checkpoint
        let state: RunState

        init(_ checkpoint: Checkpoint, _ plan: TrainingPlan) throws(CheckpointError) {
            self.checkpoint = checkpoint
            state = try checkpoint.state(steps: plan.steps)
            guard state.peers.count == plan.nodes else {
                throw CheckpointError(.damaged, checkpoint.path, "holds the state of \(state.peers.count) peers")
            }
        }

        /// The models that wait for their round of testing to be complete.
        func rounds() throws(CheckpointError) -> [UInt64: [Snapshots.Snapshot]] {
            let numbers = try checkpoint.roundNumbers()
            var rounds: [UInt64: [Snapshots.Snapshot]] = [:]
            for round in state.rounds {
                for snapshot in round.snapshots {
                    guard let model = numbers.vectors["\(round.step).\(snapshot.peer)"] else {
                        throw CheckpointError(
                            .damaged, checkpoint.path,
                            "lacks the model of peer \(snapshot.peer) after step \(round.step)")
                    }
                    rounds[round.step, default: []].append(
                        Snapshots.Snapshot(peer: snapshot.peer, model: Payload(model), samples: snapshot.samples))
                }
            }
            return rounds
        }
    }

    /// Saves the run if it has come to rest for that, and lets it go on.
    func serveCut() throws {
        guard cut.isRequested, traffic.isQuiet else { return }
        if !isStopping, let folder = checkpoints {
            // The peers' last steps may have completed a round, or found a loss that is no number.
            try lookAtRecords()
            if !isStopping { try save(in: folder) }
        }
        if isSavingLast, !isStopping {
            ending = .stopped
            stopPeers()
        } else {
            cut.release()
            for peer in peers { peer.release(traffic) }
        }
    }

    private func save(in folder: CheckpointFolder) throws {
        clock.pause()
        defer { clock.resume() }
        let manifest = CheckpointManifest(
            plan, stepsMade: learners.map { peer in peer.progress.withLock { $0.statistics.steps } })
        // A run that is asked to stop where it was just saved has nothing new to save.
        guard manifest.stepsMade != lastSaved else { return }
        try metrics?.synchronize()
        let rounds = snapshots.waiting
        try folder.save(manifest) { draft in
            // One peer after the other: each brings its vectors a second time into memory.
            var words: [PeerState] = []
            for (index, peer) in peers.enumerated() {
                let saved = peer.savedState()
                words.append(saved.words)
                try draft.write(
                    SafetensorsFile(tensors: saved.numbers.tensors).encoded(), to: Checkpoint.peerName(index))
            }
            if !rounds.isEmpty {
                try draft.write(
                    SafetensorsFile(tensors: Self.numbers(of: rounds).tensors).encoded(), to: Checkpoint.roundsName)
            }
            try draft.write(Array(try JSONEncoder.exact.encode(state(peers: words, rounds))), to: Checkpoint.stateName)
        }
        lastSaved = manifest.stepsMade
    }

    private func state(peers: [PeerState], _ rounds: [(step: UInt64, snapshots: [Snapshots.Snapshot])]) -> RunState {
        RunState(
            now: clock.now, trainingNanoseconds: clock.training.wholeNanoseconds,
            secondsToTarget: evaluation.secondsToTarget, retransmissionSeconds: retransmissionSeconds,
            lostMass: lostMass, metricsLines: metrics?.lineCount ?? 0,
            rounds: rounds.map { round in
                RunState.Round(
                    step: round.step,
                    snapshots: round.snapshots.map { RunState.Round.Snapshot(peer: $0.peer, samples: $0.samples) })
            }, peers: peers)
    }

    private static func numbers(of rounds: [(step: UInt64, snapshots: [Snapshots.Snapshot])]) -> Numbers {
        var numbers = Numbers()
        for (step, snapshots) in rounds {
            for snapshot in snapshots { numbers.vectors["\(step).\(snapshot.peer)"] = snapshot.model.array() }
        }
        return numbers
    }
}
