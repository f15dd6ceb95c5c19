package import Gossip
import Vectors

/// How far a pass had come that was computed when its peer was saved, and that the peer has not handled.
package struct HeldPass: Codable, Sendable {
    package let pass: Pass
    /// Where it stops; nil where it has ended.
    package let stop: PassStop?
    /// How many parts it has for others.
    package let parts: Int
    package let gradient: GradientReport
    package let microbatchSamples: Int

    /// Notes the report, and its parts among the numbers.
    package init(_ report: PassReport, _ numbers: inout StateDict) {
        pass = report.pass
        stop = report.stop
        parts = report.parts.count
        gradient = report.gradient
        microbatchSamples = report.microbatchSamples
        for (place, part) in report.parts.enumerated() { numbers.vectors[Self.name(ofPart: place)] = part.array() }
    }

    /// The report again. Throws where a part is not among the numbers.
    package func report(_ numbers: StateDict) throws(StateError) -> PassReport {
        guard let stop else { return PassReport(ended: pass, gradient, ofSamples: microbatchSamples) }
        var payloads: [Payload] = []
        for place in 0..<parts {
            let name = Self.name(ofPart: place)
            guard let part = numbers.vectors[name] else { throw StateError("there is no vector '\(name)'") }
            payloads.append(Payload(part))
        }
        return PassReport(pass, at: stop, parts: payloads)
    }

    /// The name of a part among the numbers.
    package static func name(ofPart place: Int) -> String { "\(pendingName).\(place)" }

    /// The name of a gradient among the numbers that was computed and is not handled.
    package static let pendingName = "pending"

    /// Throws for counts that no pass has.
    package func check(nodes: Int) throws(StateError) {
        let counts = [gradient.samples, gradient.correct, microbatchSamples]
        guard counts.allSatisfy({ (0...1 << 32).contains($0) }), (0...nodes).contains(parts),
            stop != nil || parts == 0
        else { throw StateError("'pass' counts more samples or parts than there are") }
    }
}
