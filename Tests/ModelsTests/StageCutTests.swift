import Configuration
import Models
import Testing

@Suite struct StageCutTests {
    private let network: Network

    init() throws { network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10) }

    @Test func stagesAreRunsOfLayers() throws {
        let last = network.layers.count
        let cut = try StageCut([[0, 1, 2], Array(3..<last)], of: network)
        #expect(cut.stages == [0..<3, 3..<last])
    }

    @Test(arguments: [
        ([[0, 1], []], "stages[1]", "stage 1 has no layer"),
        ([[0, 1], [3]], "stages[1]", "goes on with layer 3 where layer 2 (max_pool) comes next"),
        ([[1, 0]], "stages[0]", "layer 0 (conv conv1) comes next"),
        ([[0, 1], [2, 3, 4]], "stages", "layer 5 (max_pool) of model cnn has no stage"),
        ([[0], [1, 2], Array(3...9)], "stages[1]", "layer 1 (relu) and what follows in it have no parameters"),
        ([Array(0...11)], "stages[0]", "has no layer behind layer 9 (dense fc2)"),
        ([Array(0...9), [12]], "stages[1]", "has no layer behind layer 9 (dense fc2)"),
    ])
    func whatIsNoCutIsRefusedByTheLayersName(_ lists: [[Int]], _ key: String, _ words: String) {
        let error = #expect(throws: ConfigurationError.self) { _ = try StageCut(lists, of: network) }
        #expect(error?.key == key)
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func moreStagesThanLayersWithParametersAreRefused() {
        let error = #expect(throws: ConfigurationError.self) { _ = try StageCut(balanced: network, stages: 5) }
        #expect(error?.message.contains("5 stages are more than the 4 layers of model cnn") == true)
        #expect(error?.message.contains("(dense fc2)") == true)
    }

    /// No other cut has a longest stage that is shorter.
    @Test(arguments: ["cnn", "nettorrent-mnist", "resnet20"])
    func stagesAreBalancedAsWellAsCanBe(_ model: String) throws {
        let shape = try ModelRegistry.usualImages(of: model)
        let network = try ModelRegistry.network(model, inputShape: shape, classes: 10)
        let forward = network.layers.map { $0.all.reduce(0) { $0 + $1.multiplicationsPerSample } }
        func cost(_ layers: Range<Int>) -> Double {
            let own = 3 * forward[layers].reduce(0, +)
            return layers.lowerBound == 0 ? own - (forward.first { $0 > 0 } ?? 0) : own
        }
        func best(from start: Int, _ count: Int) -> Double {
            let end = network.layers.count
            guard count > 1 else { return cost(start..<end) }
            return ((start + 1)..<end).map { max(cost(start..<$0), best(from: $0, count - 1)) }.min() ?? .infinity
        }
        for count in 1...4 {
            let stages = try StageCut(balanced: network, stages: count).stages
            #expect(stages.count == count)
            #expect(stages.flatMap { Array($0) } == Array(network.layers.indices))
            #expect(stages.map(cost).max() == best(from: 0, count))
            // What is cut by hand like this is no mistake.
            let again = try StageCut(stages.map { Array($0) }, of: network)
            #expect(again.stages == stages)
        }
    }

    /// Where few rows pass, the many parameters of the last layers count, and stages with them have fewer layers.
    @Test func parametersCountWhereRowsAreFew() throws {
        let network = try ModelRegistry.network("resnet18", inputShape: [3, 32, 32], classes: 10)
        let ends = try [nil, 64, 16, 1].map { rows in
            try StageCut(balanced: network, stages: 2, rows: rows).stages[0].upperBound
        }
        #expect(ends == ends.sorted() && ends[0] < ends[2] && ends[2] < network.layers.count - 2)
    }
}
