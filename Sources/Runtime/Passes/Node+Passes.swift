import Gossip
import Vectors

/// Passes through a piece of the network: where a node computes shares of a stage's work, in place of whole gradients.
///
/// The parameters that a pass begins at are the model's block itself. While the learner holds it, the node's next write
/// goes to a fresh one: a backward pass has its forward pass' weights, whatever is learned meanwhile.
extension Node {
    /// Carries out an effect that has to do with passes.
    mutating func carryOutPass(_ effect: Effect) {
        switch effect {
        // Whoever has given up makes no further step, whatever its algorithm has under way.
        case .beginPass where abandonment != nil, .resumePass where abandonment != nil: break
        case .beginPass(let pass): begin(pass)
        case .resumePass(let pass, let parts): resume(pass, parts)
        case .dropPass(let pass): drop(pass)
        case .endStep: endStep()
        default: preconditionFailure("\(effect.line) has to do with no pass")
        }
    }

    private mutating func begin(_ pass: Pass) {
        let model = vectors.snapshot(Slot.model, range: 0..<vectors.count)
        var now = passes ?? PassesUnderWay()
        if !now.underWay.contains(pass) { now.underWay.append(pass) }
        now.begun[pass] = now.updates
        passes = now
        compute(PassRequest(beginning: pass, at: model))
    }

    private mutating func resume(_ pass: Pass, _ parts: [PayloadID]) {
        precondition(passes?.underWay.contains(pass) == true, "peer \(me) goes on with \(pass), which has not begun")
        compute(PassRequest(resuming: pass, with: parts.map { payload($0) }))
    }

    private mutating func compute(_ request: PassRequest) {
        precondition(!isComputing, "peer \(me) asks for \(request.pass) while something is computed")
        passes?.computing = request.pass
        port.beginPass(request)
    }

    private mutating func drop(_ pass: Pass) {
        precondition(passes?.computing != pass, "peer \(me) drops \(pass) while it is computed")
        passes?.forget(pass)
        port.drop(pass)
    }

    /// The step counts. What is learned from now on is learned in the next one, while `learningRate` stays that of the
    /// step that is over until its passes end.
    private mutating func endStep() {
        statistics.steps += 1
        let rate = learningRate
        beginStep()
        learningRate = rate
    }

    /// Takes in how far the pass has come that was computed, and tells the algorithm.
    mutating func advance(_ report: PassReport, now: Time) {
        passes?.computing = nil
        if let stop = report.stop {
            perform(.passStopped(report.pass, at: stop, parts: report.parts.map { arrived($0) }), now: now)
        } else {
            if let staleness = passes?.staleness(of: report.pass) { statistics.countGradient(staleness: staleness) }
            passes?.forget(report.pass)
            vectors.put(port.takeGradient(), in: Slot.gradient)
            statistics.samples += report.gradient.samples
            beginStep()
            perform(
                .passEnded(report.pass, loss: report.gradient.loss, samples: report.gradient.samples), now: now)
        }
    }

    /// Whether a gradient or a pass was asked for and is not there yet.
    var isComputing: Bool { vectors.isAway(Slot.gradient) || passes?.computing != nil }
}
