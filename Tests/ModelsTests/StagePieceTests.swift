import Configuration
import Models
import Testing
import Vectors

@Suite struct StagePieceTests {
    @Test func neuronsAreRowsOfWeightsAndTheirBiases() throws {
        let network = try Network(
            name: "n", inputShape: [1, 1, 2], classes: 3,
            layers: [
                .flatten, .dense(name: "a", outputs: 5), .batchNorm(name: "n"), .dense(name: "b", outputs: 3),
            ])
        func ranges(_ slot: Int) -> [Range<Int>] {
            StagePiece(layers: 1..<4, share: Share(.neurons, slot: slot, of: 2)).parameterRanges(of: network)
        }
        // a: 10 weights, 5 biases; the norm: 5 scales, 5 shifts; b: 15 weights, 3 biases.
        #expect(ranges(0) == [0..<6, 10..<13, 15..<18, 20..<23, 25..<35, 40..<42])
        #expect(ranges(1) == [6..<10, 13..<15, 18..<20, 23..<25, 35..<40, 42..<43])
    }

    @Test(arguments: ["batch", "group", "evonorm-s0"])
    func everyParameterHasItsSlotAndNormsOverGroupsHaveAll(_ norm: String) throws {
        let options = Options(["norm": .text(norm)])
        let network = try ModelRegistry.network("resnet20", options: options, inputShape: [3, 32, 32], classes: 10)
        for slots in [2, 3, 5] {
            var owners = [Int](repeating: 0, count: network.layout.count)
            for stage in try StageCut(balanced: network, stages: 3).stages {
                for slot in 0..<slots {
                    let piece = StagePiece(layers: stage, share: Share(.neurons, slot: slot, of: slots))
                    for index in piece.parameterRanges(of: network).joined() { owners[index] += 1 }
                }
            }
            for entry in network.layout.entries {
                let isShared = norm != "batch" && !entry.isWeight && entry.name != "fc.bias"
                #expect(entry.range.allSatisfy { owners[$0] == (isShared ? slots : 1) }, "\(entry.name)")
            }
        }
    }

    @Test func rowsHaveAllParametersOfTheirStage() throws {
        let network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10)
        let cut = try StageCut(balanced: network, stages: 3)
        let ranges = cut.stages.map {
            StagePiece(layers: $0, share: Share(.rows, slot: 1, of: 2)).parameterRanges(of: network)
        }
        #expect(ranges.allSatisfy { $0.count == 1 })
        #expect(ranges.joined().flatMap { Array($0) } == Array(0..<network.layout.count))
        let piece = StagePiece(layers: cut.stages[0], share: Share(.rows, slot: 1, of: 2))
        #expect(piece.ownRows(of: 5) == 3..<5 && piece.rows(of: 5) == [0..<3, 3..<5])
    }

    /// Channels that a flattening has laid in a row stay with their slot.
    @Test func channelsAreFollowedThroughTheLayers() throws {
        let network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10)
        let dense = try #require(network.layers.firstIndex { $0.kind is Dense })
        let piece = StagePiece(layers: dense..<network.layers.count, share: Share(.neurons, slot: 2, of: 3))
        #expect(piece.incomingChannels(of: network)?.ranges == [0..<1078, 1078..<2107, 2107..<3136])
        #expect(piece.incomingChannels(of: network)?.own == 2107..<3136)
    }
}
