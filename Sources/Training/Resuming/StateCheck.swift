import Checkpoints
import Experiments
import Gossip
import Graphs
import Runs
import Runtime
import Safetensors
import Vectors
import Workloads

/// Whether what a checkpoint holds is, as a whole, the state of a run of this plan at rest. Its checksums say that it
/// was written so; not that a run has written it.
struct StateCheck {
    let checkpoint: Checkpoint
    let state: RunState
    let plan: TrainingPlan

    /// Throws `damaged`, with the file and the key, where it is none.
    func run() throws(CheckpointError) {
        do throws(StateError) {
            try checkRun()
            for index in state.peers.indices { try at("peers.\(index)") { () throws(StateError) in try check(index) } }
            try at("peers") { () throws(StateError) in
                try Session.State.audit(
                    state.peers.map(\.node.sessionState),
                    dead: Set(state.peers.indices.filter { isDead($0) }.map { PeerID($0) }),
                    isLossless: state.retransmissionSeconds == nil && plan.experiment.simulation.faults.isEmpty)
            }
        } catch {
            throw checkpoint.unreadable(Checkpoint.stateName, error)
        }
        for index in state.peers.indices { try checkTensors(of: index) }
        try checkRounds()
    }

    private func isDead(_ peer: Int) -> Bool { state.peers[peer].progress.diedAt != nil }

    // MARK: Words

    private static let longest: Int64 = 1 << 60

    private func checkRun() throws(StateError) {
        guard state.peers.count == plan.nodes else {
            throw StateError("'peers' are \(state.peers.count), and \(plan.nodes) are needed")
        }
        guard (0...Self.longest).contains(state.now.nanoseconds), (0...Self.longest).contains(state.trainingNanoseconds)
        else { throw StateError("'now' or 'trainingNanoseconds' is a time that no run comes to") }
        guard (0...StateAudit.countLimit).contains(UInt64(clamping: state.metricsLines)), state.metricsLines >= 0 else {
            throw StateError("'metricsLines' is \(state.metricsLines)")
        }
        for (key, seconds) in [
            ("secondsToTarget", state.secondsToTarget), ("retransmissionSeconds", state.retransmissionSeconds),
        ] {
            guard let seconds else { continue }
            guard seconds.isFinite, (0...1e9).contains(seconds), key == "secondsToTarget" || seconds > 1e-6 else {
                throw StateError("'\(key)' is \(seconds)")
            }
        }
        guard state.lostMass?.isFinite != false else { throw StateError("'lostMass' is no number") }
    }

    private func check(_ index: Int) throws(StateError) {
        let peer = state.peers[index]
        guard let fresh = try? plan.algorithm(index, under: plan.experiment.faultsOnThreads()) else {
            throw StateError("this experiment has no such peer")
        }
        try at("node") { () throws(StateError) in
            try peer.node.audit(
                against: fresh, me: PeerID(index), peers: plan.experiment.peers, nodes: plan.nodes)
        }
        guard peer.node.isGradientAway == (peer.report != nil) || isDead(index) else {
            throw StateError("'report' and 'node.isGradientAway' do not agree")
        }
        guard peer.node.computedPass == peer.pass?.pass || isDead(index) else {
            throw StateError("'pass' and 'node.passes.computing' do not agree")
        }
        try peer.pass?.check(nodes: plan.nodes)
        if let report = peer.report, !(0...1 << 32).contains(report.samples) || !(0...1 << 32).contains(report.correct)
        {
            throw StateError("'report' counts more samples than a batch has")
        }
        if index < plan.experiment.peers, peer.node.steps != checkpoint.manifest.stepsMade[index] {
            throw StateError(
                "'node.statistics.steps' is \(peer.node.steps), and the manifest says "
                    + "\(checkpoint.manifest.stepsMade[index])")
        }
        guard peer.progress.statistics == peer.node.done else {
            throw StateError("'progress.statistics' and 'node.statistics' do not agree")
        }
        guard (0...Self.longest).contains(peer.gradientNanoseconds) else {
            throw StateError("'gradientNanoseconds' is \(peer.gradientNanoseconds)")
        }
        for timer in peer.timers where timer.time.nanoseconds.magnitude > Self.longest {
            throw StateError("'timers' has a time that no run comes to")
        }
        if peer.node.awaitsRetransmission,
            !peer.timers.contains(where: { if case .retransmission = $0.timer { true } else { false } })
        {
            throw StateError("'node.retransmissionAt' is a time, and 'timers' has none for it")
        }
        try at("progress") { () throws(StateError) in try peer.progress.check() }
    }

    /// Puts the path before the complaint of what is checked within.
    private func at(_ path: String, _ body: () throws(StateError) -> Void) throws(StateError) {
        do throws(StateError) {
            try body()
        } catch {
            throw StateError("\(path): \(error)")
        }
    }

    // MARK: Numbers

    private func checkTensors(of index: Int) throws(CheckpointError) {
        let name = Checkpoint.peerName(index)
        let tensors = try checkpoint.tensors(ofPeer: index).tensors
        let count = plan.vectorCount(of: index)
        // Of a divided model peers send, and remember of passes, what is as long as its activations.
        let isDivided = plan.workload.division != nil
        let longest = isDivided ? plan.workload.largestMessage : count
        let peer = state.peers[index]
        let payloads = Set((0..<min(peer.node.payloadCount, tensors.count)).map { "payload.\($0)" })
        let parts = Set((0..<(peer.pass?.parts ?? 0)).map { HeldPass.name(ofPart: $0) })
        func refuse(_ reason: String) -> CheckpointError { checkpoint.unreadable(name, StateError(reason)) }
        guard payloads.count == peer.node.payloadCount else { throw refuse("it lacks a payload") }
        var memory = 0
        var found: Set<String> = []
        for tensor in tensors {
            let words = tensor.name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let isWhole: Bool
            // What is packed may be a little longer than what it was packed of.
            let isPacked = words.first == "payload" && tensor.name.hasSuffix("p")
            let name = isPacked ? String(tensor.name.dropLast()) : tensor.name
            switch (words.first, words.count) {
            case ("model", 1), ("gradient", 1), (PeerState.pendingName[...], 1), ("named", 2): isWhole = true
            case ("optimizer", 2), (PeerState.learnerName[...], 2):
                isWhole = false
                memory += min(tensor.count, 1 << 60)
            case ("payload", 2) where payloads.contains(name): isWhole = false
            case (PeerState.pendingName[...], 2) where parts.contains(tensor.name): isWhole = false
            default: throw refuse("nobody needs its tensor '\(tensor.name)'")
            }
            guard tensor.count == count || (!isWhole && (isDivided || isPacked || tensor.count <= max(count, 1 << 12)))
            else {
                throw refuse("its tensor '\(tensor.name)' has \(tensor.count) numbers, and \(count) are needed")
            }
            guard
                tensor.type == .float32
                    || (tensor.type == .int64
                        && (words.first == "optimizer" || words.first == PeerState.learnerName[...]))
            else {
                throw refuse("its tensor '\(tensor.name)' is \(tensor.type.rawValue)")
            }
            let most = isPacked ? Packing.mostWords(for: longest) : longest
            if payloads.contains(name), !(1...max(most, 1)).contains(tensor.count) {
                throw refuse("its tensor '\(tensor.name)' has \(tensor.count) numbers, and a message \(longest)")
            }
            found.insert(name)
        }
        let needed = payloads.union(parts).union(["model"]).union(peer.holdsGradient ? [PeerState.pendingName] : [])
        if let missing = needed.subtracting(found).min() { throw refuse("it lacks '\(missing)'") }
        guard isDivided || memory <= 16 * (count + 1 << 12) else {
            throw refuse("no optimizer or learner remembers so much")
        }
    }

    /// Throws unless the models of unfinished rounds are there, one for each peer that handed one in.
    private func checkRounds() throws(CheckpointError) {
        let file = try checkpoint.roundTensors()
        var needed: [String: Int] = [:]
        for round in state.rounds {
            for snapshot in round.snapshots {
                guard round.step <= StateAudit.countLimit, (0...1 << 56).contains(snapshot.samples),
                    (0..<plan.nodes).contains(snapshot.peer.rawValue),
                    needed.updateValue(
                        plan.vectorCount(of: snapshot.peer.rawValue),
                        forKey: TrainingRun.Resumed.name(step: round.step, peer: snapshot.peer)) == nil
                else {
                    throw checkpoint.unreadable(
                        Checkpoint.stateName, StateError("'rounds' holds what no peer has handed in"))
                }
            }
        }
        for (name, count) in needed.sorted(by: { $0.key < $1.key }) {
            guard let tensor = file[name], tensor.type == .float32, tensor.count == count else {
                throw checkpoint.unreadable(Checkpoint.roundsName, StateError("it lacks the model '\(name)'"))
            }
        }
        guard file.tensors.count == needed.count else {
            throw checkpoint.unreadable(Checkpoint.roundsName, StateError("it holds models that nobody has handed in"))
        }
    }
}
