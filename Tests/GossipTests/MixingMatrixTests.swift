import Configuration
import Foundation
import Gossip
import Testing

@Suite struct MixingMatrixTests {
    @Test func aRingOfFiveIsThirds() throws {
        let matrix = MixingMatrix(try Graph("ring", peers: 5))
        let row = matrix.row(of: 0)
        #expect(row.map(\.peer) == [0, 1, 4])
        #expect(row.allSatisfy { abs($0.weight - 1.0 / 3) < 1e-15 })
        #expect(matrix.receivers(of: 0) == [1, 4])
        #expect(matrix.period == 1)
        #expect(MixingProperty.allCases.allSatisfy { matrix.has($0) })
    }

    @Test func theRulesWeighACompleteGraphOfFour() throws {
        func dense(_ rule: String) throws -> [[Double]] {
            let graph = try Graph("complete", peers: 4, options: Options(["mixing": .text(rule)]))
            return MixingMatrix(graph).dense()
        }
        for rule in ["metropolis", "uniform", "max-degree", "best-constant"] {
            for weight in try dense(rule).joined() { #expect(abs(weight - 0.25) < 1e-15, "\(rule)") }
        }
        let lazy = try dense("lazy")
        #expect(lazy[0][0] == 0.625 && lazy[0][3] == 0.125)
    }

    @Test func onePeerIsItsOwnMean() throws {
        for rule in MixingRule.allCases {
            let graph = try Graph("ring", peers: 1, options: Options(["mixing": .text(rule.rawValue)]))
            #expect(MixingMatrix(graph).dense() == [[1]])
        }
    }

    @Test func aMatrixIsWrittenAsItsGraph() throws {
        let matrix = MixingMatrix(try Graph("ring", peers: 6, options: Options(["mixing": .text("lazy")])))
        let copy = try JSONDecoder().decode(MixingMatrix.self, from: JSONEncoder().encode(matrix))
        #expect(copy.dense() == matrix.dense())
    }
}
