import Configuration
import Runtime
import Simulator
import Testing

@testable import Gossip

@Suite struct SGPTests {
    /// Without gradients push-sum finds the mean of where the peers start, on graphs whose weights do not stay 1 too,
    /// and all that time no mass is missing.
    @Test(arguments: ["sgp", "osgp"], ["ring", "star", "directed-ring", "exponential", "one-peer-exponential"])
    func pushSumFindsTheMean(name: String, topology: String) throws {
        var run = EveryAlgorithmTests.run(name, topology)
        run.curvature = 0
        run.steps = 250
        run.starts = (0..<7).map { [Float($0 * $0)] }
        run.network = EveryAlgorithmTests.unruly
        let simulation = try run.run(targets: [[Float]](repeating: [0], count: 7))
        #expect(simulation.violations == [])
        for model in simulation.evaluated { #expect(abs(model[0] - 13) < 1e-3, "\(model)") }
    }

    /// Shares add up to one in float32 and in float64 alike, so that numerator and weight never part.
    @Test(arguments: 1...40) func sharesAreExact(receivers: Int) throws {
        var sum = PushSum()
        var effects = Effects()
        sum.push(to: (0..<receivers).map { PeerID($0) }, round: 0, &effects)
        let scales = effects.list.compactMap { effect -> Double? in
            if case .combine(_, _, let terms) = effect { terms[0].weight } else { nil }
        }
        #expect(scales.count == 2)
        for scale in scales { #expect(Double(Float(scale)) == scale) }
        #expect(Double(receivers) * scales[0] + scales[1] == 1)
        #expect(sum.weight == scales[1])
        for case .send(_, _, let note, _, _) in effects.list { #expect(note.weight == scales[0]) }
    }

    /// A share that will not be delivered is the sender's again, value and weight.
    @Test func aReturnedShareComesBack() throws {
        var sum = PushSum()
        var effects = Effects()
        sum.push(to: [1, 2], round: 0, &effects)
        effects.removeAll()
        let payload = PayloadID(rawValue: 5)
        sum.returned(MessageID(rawValue: 2), payload, &effects)
        #expect(
            effects.list == [
                .combine(into: .model, part: nil, [Term(1, .model), Term(1, .received(payload))]), .release(payload),
            ])
        #expect(abs(sum.weight - 2 / 3.0) < 1e-7)
        // One that was delivered does not.
        effects.removeAll()
        sum.delivered(MessageID(rawValue: 1))
        sum.returned(MessageID(rawValue: 1), payload, &effects)
        #expect(effects.list == [.release(payload)])
    }

    /// On a regular graph the mean descends as gradient descent does.
    @Test func theMeanFollowsGradientDescent() throws {
        var run = EveryAlgorithmTests.run("sgp", "one-peer-exponential")
        run.steps = 20
        let simulation = try run.run(targets: (0..<8).map { [Float($0)] })
        let mean = simulation.evaluated.map { Double($0[0]) }.reduce(0, +) / 8
        #expect(abs(mean - 3.5 * (1 - (0..<20).reduce(1.0) { product, _ in product * 0.9 })) < 1e-5)
    }
}
