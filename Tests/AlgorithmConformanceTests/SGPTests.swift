import Configuration
import Runtime
import Simulator
import Testing

@testable import Gossip
@testable import Graphs

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

    private func shares(_ receivers: Int, _ weight: Double) -> [MixingWeight] {
        (1...receivers).map { MixingWeight(peer: PeerID($0), weight: weight) }
    }

    /// Shares add up to one in float32 and in float64 alike, so that numerator and weight never part.
    @Test(arguments: 1...40) func sharesAreExact(receivers: Int) throws {
        var sum = PushSum()
        var effects = Effects()
        sum.push(shares(receivers, 1 / Double(receivers + 1)), round: 0, &effects)
        let scales = effects.list.compactMap { effect -> Double? in
            if case .combine(_, _, let terms) = effect { terms[0].weight } else { nil }
        }
        #expect(scales.count == 2)
        for scale in scales { #expect(Double(Float(scale)) == scale) }
        #expect(Double(receivers) * scales[0] + scales[1] == 1)
        #expect(sum.weight == scales[1])
        for case .send(_, _, let metadata, _, _) in effects.list { #expect(metadata.weight == scales[0]) }
    }

    /// A share that will not be delivered is the sender's again, value and weight.
    @Test func aReturnedShareComesBack() throws {
        var sum = PushSum()
        var effects = Effects()
        sum.push(shares(2, 1 / 3.0), round: 0, &effects)
        effects.removeAll()
        let payload = PayloadID(rawValue: 5)
        sum.returned(MessageID(rawValue: 2), payload, &effects)
        #expect(
            effects.list == [
                .combine(into: .model, part: nil, [Term(1, .model), Term(1, .received(payload))])
            ])
        #expect(abs(sum.weight - 2 / 3.0) < 1e-7)
        // One that was delivered does not.
        effects.removeAll()
        sum.delivered(MessageID(rawValue: 1))
        sum.returned(MessageID(rawValue: 1), payload, &effects)
        #expect(effects.list == [])
    }

    /// A matrix whose columns add up to 1 and whose rows do not: push-sum's own. What peers hold after two rounds is
    /// P P of what they had, and their weights P P of ones.
    @Test(arguments: ["sgp", "osgp"]) func theMatrixIsUsed(name: String) throws {
        let matrix = [[0.5, 0.25, 0], [0.25, 0.75, 0.5], [0.25, 0, 0.5]]
        var run = EveryAlgorithmTests.run(name, "custom")
        run.topologyOptions = Options(["matrix": .list(matrix.map { .list($0.map { .number($0) }) })])
        run.options = name == "osgp" ? Options(["staleness": .integer(0)]) : Options()
        (run.curvature, run.steps, run.starts) = (0, 2, [[8], [0], [-4]])
        func product(_ x: [Double]) -> [Double] { matrix.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } } }
        let (values, weights) = (product(product([8, 0, -4])), product(product([1, 1, 1])))
        let models = try run.run(targets: [[0], [0], [0]]).evaluated
        for peer in 0..<3 { #expect(abs(Double(models[peer][0]) - values[peer] / weights[peer]) < 1e-6) }
        // On the way to the mean, however uneven the weights.
        run.steps = 60
        for model in try run.run(targets: [[0], [0], [0]]).evaluated { #expect(abs(model[0] - 4 / 3.0) < 1e-4) }
    }

    /// The rule of the topology is used: more of what one has stays.
    @Test func theRuleIsUsed() throws {
        var run = EveryAlgorithmTests.run("sgp", "ring")
        (run.curvature, run.steps, run.starts) = (0, 1, [[8], [0], [0], [0]])
        #expect(abs(try run.run(targets: [[0], [0], [0], [0]]).evaluated[0][0] - 8 / 3.0) < 1e-6)
        run.topologyOptions = Options(["mixing": .text("lazy")])
        #expect(abs(try run.run(targets: [[0], [0], [0], [0]]).evaluated[0][0] - 16 / 3.0) < 1e-6)
    }

    /// Mass that is lost or made, or all given away, is refused with the place.
    @Test(arguments: ["sgp", "osgp"]) func otherMatricesAreRefused(name: String) throws {
        func refusal(_ matrix: [[Double]]) -> String? {
            var run = EveryAlgorithmTests.run(name, "custom")
            run.topologyOptions = Options(["matrix": .list(matrix.map { .list($0.map { .number($0) }) })])
            do {
                _ = try run.simulation(targets: [[0], [0]])
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal([[0.5, 0.5], [0.4, 0.6]])?.contains("needs a column-stochastic mixing matrix") == true)
        #expect(refusal([[0, 1], [1, 0]])?.contains("needs a mixing matrix with a positive diagonal") == true)
        #expect(refusal([[0.5, 0.4], [0.5, 0.6]]) == nil)
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
