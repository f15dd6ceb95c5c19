package import Gossip
package import Runtime
package import Vectors

/// Learns a stage of what is divided among peers, pass by pass.
///
/// A pass follows from its parameters and from the parts that have come for it, so that these are what is saved of it:
/// who goes on from such a state computes them again, to the same bits.
package struct PassLearner: Learner, ~Copyable {
    /// A pass under way.
    struct Flight {
        let computation: any PassUnderWay
        let model: Payload
        /// What has come for it, stop by stop.
        var parts: [[Payload]] = []
        /// The numbers of the parts that it waits for.
        var incoming: [Int] = []
    }

    let passes: any PassWork
    private(set) var flights: [Pass: Flight] = [:]

    /// A learner with nothing under way.
    package init(_ passes: any PassWork) { self.passes = passes }

    package mutating func load(_ model: Payload, scale: Float) {
        preconditionFailure("a learner of a divided model is asked for a gradient of the whole")
    }

    package mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        preconditionFailure("a learner of a divided model is asked for a gradient of the whole")
    }

    package mutating func advance(_ request: PassRequest, _ pool: PayloadPool) -> PassResult {
        let pass = request.pass
        if let model = request.model {
            drop(pass)
            flights[pass] = Flight(computation: passes.begin(pass, at: model, pool), model: model)
        } else {
            flights[pass]?.parts.append(request.parts)
        }
        guard let computation = flights[pass]?.computation else {
            preconditionFailure("pass \(pass.microbatch)/\(pass.slot) goes on, and has not begun")
        }
        guard let halt = computation.resume(with: request.parts, pool) else {
            flights[pass] = nil
            let result = computation.end()
            let report = PassReport(ended: pass, result.report, ofSamples: passes.samples(of: pass))
            return PassResult(report, gradient: result.takeGradient())
        }
        flights[pass]?.incoming = halt.incoming
        return PassResult(PassReport(pass, at: halt.stop, parts: halt.parts))
    }

    package mutating func drop(_ pass: Pass) {
        flights.removeValue(forKey: pass)?.computation.drop()
    }

    package var work: Double { passes.gradientWork }

    /// Of a request beyond the pass' end nothing is left to do.
    package mutating func cost(of request: PassRequest) -> Double {
        let shares = passes.shares(of: request.pass)
        let place = request.model == nil ? 1 + (flights[request.pass]?.parts.count ?? 0) : 0
        return shares.indices.contains(place) ? shares[place] : 0
    }
}
