import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Testing

@Suite struct NoLoCoTests {
    private func run(_ peers: Int, steps: UInt64, period: Int) throws -> Simulation {
        var run = EveryAlgorithmTests.run("noloco", "ring")
        run.options = Options(["period": .integer(period), "outer_momentum": .number(0.5)])
        run.steps = steps
        run.starts = (0..<peers).map { [Float($0)] }
        run.network = EveryAlgorithmTests.unruly
        return try run.run(targets: (0..<peers).map { [Float($0 * $0) + 1] })
    }

    /// Two peers are each other's partner in every round: the rule in double precision, from different starts.
    @Test func theRuleOfTwo() throws {
        var (theta, momentum) = ([0.0, 1], [0.0, 0])
        for round in UInt64(1)...8 {
            var x = theta
            for _ in 0..<3 { for peer in 0..<2 { x[peer] -= 0.1 * (x[peer] - Double(peer + 1)) } }
            let distance = (x[0] - theta[0] + x[1] - theta[1]) / 2
            let mean = (theta[0] + theta[1]) / 2
            for peer in 0..<2 {
                momentum[peer] = 0.5 * momentum[peer] + 0.7 * distance + 0.7 * (mean - theta[peer])
            }
            for peer in 0..<2 { theta[peer] += momentum[peer] }
            let models = try run(2, steps: 3 * round, period: 3).models
            for peer in 0..<2 { #expect(abs(Double(models[peer][0]) - theta[peer]) < 1e-5) }
        }
    }

    /// In a round everybody but one peer of an odd number sends two vectors to one other and hears two.
    @Test(arguments: [2, 3, 4, 7, 8]) func pairsMeet(peers: Int) throws {
        for rounds in UInt64(1)...6 {
            let simulation = try run(peers, steps: 2 * rounds + 1, period: 2)
            let statistics = (0..<peers).map { simulation.statistics(of: PeerID($0)) }
            #expect(statistics.map(\.messagesSent).reduce(0, +) == Int(rounds) * 2 * (peers - peers % 2))
            #expect(statistics.allSatisfy { $0.messagesSent == $0.messagesReceived })
        }
    }
}
