import Models
import Randomness
import Testing
import Vectors

@testable import Compute

/// Networks cut into stages and split over peers, against the same networks in one piece.
@Suite struct StagePassTests {
    /// How a network is divided.
    struct Division: Sendable, CustomTestStringConvertible {
        var stages = 1
        var split = Split.rows
        var slots = 1
        var testDescription: String { "\(stages) stages of \(slots) by \(split)" }
    }

    static let divisions =
        [2, 3, 5].flatMap { ways in
            [
                Division(split: .rows, slots: ways), Division(split: .neurons, slots: ways), Division(stages: ways),
            ]
        } + [
            Division(stages: 2, split: .rows, slots: 3), Division(stages: 3, split: .neurons, slots: 2),
        ]

    private func parameters(_ problem: Problem) -> [Float] { problem.parameters.map { Float($0) } }

    private func crew(_ problem: Problem, _ division: Division, mode: Mode = .training) throws -> StageCrew {
        let learned = problem.network.layers.filter { !$0.all.allSatisfy(\.parameters.isEmpty) }.count
        let cut = try StageCut(balanced: problem.network, stages: min(division.stages, learned))
        return try StageCrew(problem, stages: cut.stages, division.split, slots: division.slots, mode: mode)
    }

    private func relative(_ found: [Float], _ wanted: [Float]) -> Double {
        func norm(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
        return found.count == wanted.count ? norm(zip(found, wanted).map { $0 - $1 }) / norm(wanted) : .infinity
    }

    private func agree(_ problem: Problem, _ division: Division, within tolerance: Double) throws {
        var executable = try problem.executable()
        var block = FlatVector(count: problem.network.layout.count)
        var dropout = RandomStream(seed: 3, purpose: .dropout)
        let crew = try crew(problem, division)
        for _ in 0..<2 {
            let start = dropout
            let wanted = block.write { executable.gradient(into: &$0, dropout: &dropout) }
            try crew.forward(crew.parameters(parameters(problem)), dropout: start)
            try crew.backward()
            let found = try crew.result()
            #expect(abs(found.loss - wanted.loss) <= Float(tolerance) * wanted.loss)
            #expect(found.correct == wanted.correct)
            let logits = executable.withLogits { span in span.indices.map { span[$0] } }
            #expect(relative(found.logits, logits) <= tolerance)
            #expect(
                distance(found.gradient, block.array().map(Double.init), problem.network.layout) <= tolerance)
            #expect(crew.dropouts.allSatisfy { $0 == dropout })
        }
    }

    @Test(arguments: divisions) func cnnIsTheUndivided(_ division: Division) throws {
        let network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10)
        try agree(Problem(network, batch: 7), division, within: 1e-5)
    }

    /// With these numbers nothing before a ReLU is so near to 0 that rounding decides on which side it lies; where it
    /// does, gradients differ by as much as that number's part in them, and all but one side agree with float64.
    @Test(arguments: divisions) func resnetIsTheUndivided(_ division: Division) throws {
        let network = try ModelRegistry.network("resnet20", inputShape: [3, 32, 32], classes: 10)
        try agree(Problem(network, batch: 7, seed: 6), division, within: 1e-5)
    }

    /// Every layer, in every layout, dropout and label smoothing included.
    @Test(
        arguments: SampleNetworks.all,
        [
            Division(stages: 9), Division(split: .rows, slots: 3), Division(split: .neurons, slots: 3),
            Division(stages: 9, split: .neurons, slots: 2), Division(stages: 2, split: .rows, slots: 5),
        ])
    func everyLayerIsTheUndivided(_ sample: SampleNetworks.Sample, _ division: Division) throws {
        try agree(Problem(sample, batch: 5), division, within: sample.tolerance)
    }

    @Test func rowsKnowTheStatisticsOfTheWholeBatch() throws {
        let network = try Network(
            name: "n", inputShape: [2, 1, 2], classes: 2,
            layers: [.batchNorm(name: "bn"), .flatten, .dense(name: "end", outputs: 2)])
        let problem = Problem(network, batch: 5)
        var executable = try problem.executable(mode: .statistics)
        executable.evaluate()
        let wanted = executable.withStatistics { span in span.indices.map { span[$0] } }
        let crew = try crew(problem, Division(split: .rows, slots: 3))
        try crew.forward(crew.parameters(parameters(problem)), dropout: RandomStream(seed: 1, purpose: .dropout))
        for found in crew.statistics(ofStage: 0) { #expect(relative(found, wanted) < 1e-6) }
    }

    /// Two passes on their way at once, the second with newer parameters; the older are gone everywhere else.
    @Test(arguments: [Split.rows, .neurons])
    func passesUnderWayKeepTheParametersOfTheirBeginning(_ split: Split) throws {
        var problem = try Problem(#require(SampleNetworks.all.first { $0.name.hasPrefix("blocks, batch") }), batch: 5)
        let division = Division(stages: 3, split: split, slots: 2)
        let dropout = RandomStream(seed: 3, purpose: .dropout)
        let first = try crew(problem, division)
        var old = first.parameters(parameters(problem))
        weak let held = old[1]
        try first.forward(old, dropout: dropout)
        old = []
        let before = problem
        problem.parameters = problem.parameters.map { 0.9 * $0 }
        let second = try crew(problem, division)
        try second.forward(second.parameters(parameters(problem)), dropout: dropout)
        #expect(held != nil)
        try first.backward()
        #expect(held == nil)
        try second.backward()
        for (crew, problem) in [(first, before), (second, problem)] {
            let wanted = problem.reference().gradient
            let found = try crew.result().gradient
            #expect(distance(found, wanted, problem.network.layout) < 1e-4)
        }
    }

    /// What a peer has to say, and to whom, follows from the layers alone.
    @Test func neuronsAreGatheredBeforeWhoeverNeedsThemAll() throws {
        let network = try Network(
            name: "n", inputShape: [1, 2, 2], classes: 3,
            layers: [
                .flatten, .dense(name: "a", outputs: 5), .relu, .dense(name: "b", outputs: 4), .tanh,
                .dense(name: "end", outputs: 3),
            ])
        let problem = Problem(network, batch: 6)
        let crew = try StageCrew(problem, stages: [0..<3, 3..<6], .neurons, slots: 2)
        try crew.forward(crew.parameters(parameters(problem)), dropout: RandomStream(seed: 1, purpose: .dropout))
        try crew.backward()
        let slots = [(a: 18, b: 12, end: 12), (a: 12, b: 12, end: 6)]
        for (slot, own) in slots.enumerated() {
            #expect(
                crew.exchanges(ofStage: 0)[slot] == [
                    Exchange(kind: .next, outgoing: [own.a], incoming: [own.a])
                ])
            #expect(
                crew.exchanges(ofStage: 1)[slot] == [
                    Exchange(kind: .previous, outgoing: [], incoming: [own.a]),
                    Exchange(kind: .gather, outgoing: [own.a], incoming: [18, 12]),
                    Exchange(kind: .gather, outgoing: [own.b], incoming: [12, 12]),
                    Exchange(kind: .gather, outgoing: [own.end], incoming: [12, 6]),
                    Exchange(kind: .scatter, outgoing: [12, 12], incoming: [own.b, own.b]),
                    Exchange(kind: .scatter, outgoing: [18, 12], incoming: [own.a, own.a]),
                    Exchange(kind: .previous, outgoing: [own.a], incoming: []),
                ])
        }
    }
}
