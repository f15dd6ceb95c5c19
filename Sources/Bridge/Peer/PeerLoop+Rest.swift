import Gossip
import Graphs
import Runtime
import Vectors

/// Rests: what is done when nothing is under way in any process.
extension PeerLoop {
    /// Goes on with the rest that the caller or the others are in.
    mutating func lookAtRest() throws(BridgeError) {
        if links != nil { return lookAtLinks() }
        report()
        if ranks == nil {
            if isDone { return end() }
            guard stage == .quieting else { return }
            try act(at: Rest.Report(purpose: .end, round: round, token: 0, sent: [], handled: []))
        } else if let subject = try rest.quiet() {
            try act(at: subject)
        }
        guard !isOver else { return }
        if stage == .gathering { gather() }
        if stage == .passing, rest.havePassed(round) { goOn() }
    }

    /// The caller asks for what takes a rest of all.
    ///
    /// - Parameter bytes: The state that it goes on from, where it does.
    mutating func beginRest(from bytes: [UInt8]? = nil) {
        guard stage == .atWork else { return }
        do throws(BridgeError) {
            if links != nil {
                throw BridgeError(
                    .invalid,
                    "on an open network nobody knows all peers, so that they never rest; save the model itself")
            }
            if case .consensus = host.call {
            } else if plan.traits.servers > 0 {
                throw BridgeError(
                    .invalid,
                    "the state of a run with a server is not kept; save the model, or choose another algorithm")
            }
            if let bytes { saved = try SavedPeer(reading: bytes, plan) }
            stage = .quieting
        } catch {
            host.seat.answer(.failed(error))
        }
    }

    /// What the peer is at rest for; nil while it is at work.
    private var purpose: Rest.Purpose? {
        if isDone { return .end }
        guard stage == .quieting else { return nil }
        return switch host.call {
        case .consensus: .consensus
        case .save: .save
        case .restore: .restore
        case .open, .step, .finish: nil
        }
    }

    /// Tells the others how the peer stands at rest, where they do not know it.
    private mutating func report() {
        guard let ranks, let purpose else { return }
        var token: UInt64 = 0
        if purpose == .restore, let saved { token = saved.token }
        let report = Rest.Report(
            purpose: purpose, round: purpose == .end ? 0 : round, token: token, sent: ranks.ways.sent, handled: handled)
        let isNew = lastReport?.purpose != purpose || lastReport?.round != report.round
        guard isNew || (lastReport != report && rest.isAwaited) else { return }
        lastReport = report
        rest.note(report, of: ranks.desk.network.rank)
        ranks.desk.send(.report(report), to: rest.others)
    }

    /// Does what all are at rest for.
    private mutating func act(at subject: Rest.Report) throws(BridgeError) {
        if ranks != nil, subject.purpose == .end { return end() }
        if subject.purpose == .consensus { tellModel(subject.round) }
        guard stage == .quieting else { return }
        switch host.call {
        case .consensus:
            if ranks == nil { models[0] = evaluatedModel() }
            stage = .gathering
        case .save(let place):
            let saved = SavedPeer(
                &node, timers: port.timers, plan, token: rest.token, point: tensors.point, now: host.clock.now)
            do {
                let bytes = try saved.bytes
                host.keep(bytes)
                place.put(bytes.count)
            } catch {
                preconditionFailure("a state cannot be written: \(error)")
            }
            pass()
        case .restore:
            if let saved { try restore(saved) }
            saved = nil
            pass()
        case .open, .step, .finish: break
        }
    }

    private mutating func pass() {
        stage = .passing
        rest.notePassed(round, of: ranks?.desk.network.rank ?? 0)
        ranks?.desk.send(.passed(round), to: rest.others)
    }

    private mutating func restore(_ saved: SavedPeer) throws(BridgeError) {
        do {
            try node.restore(saved.node, saved.numbers)
        } catch {
            throw BridgeError(.state, "the state is none of this peer: \(error)")
        }
        port.timers = saved.timers.map { BridgePort.Timer(timer: $0.timer, time: host.clock.now + $0.seconds) }
        wanted = nil
        let statistics = node.statistics
        host.publish { $0.statistics = statistics }
        host.noteRestored()
        guard saved.node.isGradientAway else { return }
        wanted = .model(saved.point.map { tensors.copy($0.span) } ?? node.modelSnapshot(), scale: 1)
    }

    /// The caller goes on, and so do the others.
    private mutating func goOn() {
        round += 1
        stage = .atWork
        switch host.call {
        case .restore: answerStep()
        default: host.seat.answer(.done(tensors.takeWritten(.none)))
        }
    }

    // MARK: Consensus

    /// Tells the others this learner's model, once a rest.
    private mutating func tellModel(_ number: UInt64) {
        guard let ranks, toldRound != number, !plan.settings.isServer else { return }
        toldRound = number
        let model = evaluatedModel()
        if !isDone { models[ranks.desk.network.rank] = model }
        ranks.desk.send(.model(number), payload: model, to: rest.others)
    }

    /// Averages the models once all are there, in the order of their ranks.
    private mutating func gather() {
        let learners = ranks.map { Array($0.ranksOfPeers[..<$0.learners]) } ?? [0]
        let wanted = learners.filter { !rest.gone.contains($0) }
        let all = wanted.compactMap { models[$0] }
        guard all.count == wanted.count, case .consensus(let into) = host.call else { return }
        let average = host.pool.payload(count: tensors.count) { span in
            for index in span.indices { span[index] = 0 }
            var sums = [Double](repeating: 0, count: span.count)
            for model in all {
                model.read { source in for index in source.indices { sums[index] += Double(source[index]) } }
            }
            for index in span.indices { span[index] = Float(sums[index] / Double(all.count)) }
        }
        average.read { into.write($0) }
        models = [:]
        pass()
        // Nobody needs to wait: who has all models was waited for by all.
        goOn()
    }

    // MARK: End

    /// All are done and nothing is under way: the last of the model is the caller's.
    mutating func end() {
        isOver = true
        node.end(now: host.clock.now)
        leaveOthers()
        guard host.seat.isWaitedFor else { return }
        tensors.put(evaluatedModel())
        host.seat.answer(.finished(tensors.takeWritten(.none)))
    }

    private mutating func leaveOthers() {
        hasLeft = true
        host.noteLeave()
        ranks?.desk.network.end()
        links?.network.end(isFinished: true)
    }
}
