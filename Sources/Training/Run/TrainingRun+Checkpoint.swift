import Checkpoints
import Foundation
import Gossip
import Graphs
import Records
import Runs
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
            state = try checkpoint.state(steps: plan.length.ofLearners, on: plan.graph)
            try StateCheck(checkpoint: checkpoint, state: state, plan: plan).run()
        }

        /// The name of a model that waits for its round of testing.
        static func name(step: UInt64, peer: PeerID) -> String { "\(step).\(peer)" }

        /// The models that wait for their round of testing to be complete.
        func rounds() throws(CheckpointError) -> TestRounds {
            let file = try checkpoint.roundTensors()
            var rounds = TestRounds()
            for round in state.rounds {
                for snapshot in round.snapshots {
                    guard let model = file[Self.name(step: round.step, peer: snapshot.peer)]?.floats else { continue }
                    rounds.submit(
                        TestRounds.Snapshot(peer: snapshot.peer, model: Payload(model), samples: snapshot.samples),
                        step: round.step)
                }
            }
            return rounds
        }
    }

    /// Saves the run, which has come to rest for that.
    func save() throws {
        guard let folder = checkpoints else { return }
        try whilePaused {
            let manifest = CheckpointManifest(plan, stepsMade: learners.map(\.statistics.steps))
            // A run that is asked to stop where it was just saved has nothing new to save.
            guard manifest.stepsMade != lastSaved else { return }
            do {
                try save(manifest, in: folder)
            } catch is LostPeer {
                // The draft is gone, the last checkpoint is there, and the others go on.
            }
        }
    }

    /// A peer's rank is gone while the run is saved.
    private struct LostPeer: Error {}

    private func save(_ manifest: CheckpointManifest, in folder: CheckpointFolder) throws {
        try metrics?.synchronize()
        let rounds = snapshots.waiting
        try folder.save(manifest) { draft in
            // One peer after the other: each brings its vectors a second time into memory.
            var words: [PeerState] = []
            for index in everybody.indices {
                let (state, numbers) = try savedState(of: index)
                words.append(state)
                try draft.write(SafetensorsFile(tensors: numbers.tensors).encoded(), to: Checkpoint.peerName(index))
            }
            if !rounds.isEmpty {
                try draft.write(
                    SafetensorsFile(tensors: Self.numbers(of: rounds).tensors).encoded(), to: Checkpoint.roundsName)
            }
            try draft.write(Array(try JSONEncoder.exact.encode(state(peers: words, rounds))), to: Checkpoint.stateName)
        }
        lastSaved = manifest.stepsMade
    }

    private func savedState(of peer: Int) throws -> (words: PeerState, numbers: StateDict) {
        let answer = try workers.one(with: peer, ControlContent(.save(peer: peer)))
        guard case .saved(let words)? = answer?.head else {
            throw LostPeer()
        }
        return (words, answer?.numbers ?? StateDict())
    }

    private func state(peers: [PeerState], _ rounds: [TestRounds.Round]) -> RunState {
        RunState(
            now: clock.now, trainingNanoseconds: clock.training.wholeNanoseconds,
            secondsToTarget: evaluation.secondsToTarget, retransmissionSeconds: localPeers.retransmissionSeconds,
            lostMass: lostMass, metricsLines: metrics?.lineCount ?? 0,
            rounds: rounds.map { round in
                RunState.Round(
                    step: round.step,
                    snapshots: round.snapshots.map { RunState.Round.Snapshot(peer: $0.peer, samples: $0.samples) })
            }, peers: peers)
    }

    private static func numbers(of rounds: [TestRounds.Round]) -> StateDict {
        var numbers = StateDict()
        for (step, snapshots) in rounds {
            for snapshot in snapshots {
                numbers.vectors[Resumed.name(step: step, peer: snapshot.peer)] = snapshot.model.array()
            }
        }
        return numbers
    }
}
