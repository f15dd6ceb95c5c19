import Configuration
import Gossip
import Graphs
import Testing

@testable import Spectra

private func spectrum(_ name: String, _ peers: Int, _ options: [String: OptionValue] = [:]) throws -> Spectrum {
    Spectrum(of: MixingMatrix(try Graph(name, peers: peers, seed: 1, options: Options(options))))
}

/// The mixing matrix with these rows.
private func custom(_ rows: [[Double]]) throws -> MixingMatrix {
    let value = OptionValue.list(rows.map { .list($0.map(OptionValue.number)) })
    return MixingMatrix(try Graph("custom", peers: rows.count, options: Options(["matrix": value])))
}

@Suite struct SpectrumTests {
    /// The gaps that the literature's tables give, to every digit there.
    @Test(arguments: [
        ("ring", [4: "0.667", 8: "0.195", 16: "0.0507", 32: "0.0128", 64: "0.0032"]),
        ("directed-ring", [4: "0.293", 8: "0.0761", 16: "0.0192", 32: "0.0048", 64: "0.0012"]),
        ("torus", [16: "0.400", 36: "0.200", 64: "0.117"]),
        ("exponential", [4: "0.667", 8: "0.500", 16: "0.400", 32: "0.333", 64: "0.286"]),
    ])
    func gaps(name: String, gaps: [Int: String]) throws {
        for (peers, written) in gaps {
            let digits = written.count - 2
            let unit = (0..<digits).reduce(1.0) { unit, _ in unit / 10 }
            let expected = try #require(Double(written))
            let gap = try spectrum(name, peers).spectralGap
            #expect(abs(gap - expected) <= 0.5 * unit, "\(name) \(peers): \(gap)")
        }
    }

    @Test func ringsOfFive() throws {
        func expect(_ moduli: [Double], _ expected: [Double]) {
            #expect(moduli.count == expected.count)
            for (found, wanted) in zip(moduli, expected) { #expect(abs(found - wanted) <= 5e-7, "\(moduli)") }
        }
        expect(try spectrum("ring", 5).moduli, [1, 0.539345, 0.539345, 0.206011, 0.206011])
        let rows = (0..<5).map { i in (0..<5).map { j in i == j ? 0.34 : [1, 4].contains((i - j + 5) % 5) ? 0.33 : 0 } }
        expect(Spectrum(of: try custom(rows)).moduli, [1, 0.543951, 0.543951, 0.193951, 0.193951])
    }

    @Test(arguments: [2, 4, 8, 16]) func aPeriodOfOnePeerRoundsAveragesExactly(peers: Int) throws {
        let matrix = MixingMatrix(try Graph("one-peer-exponential", peers: peers))
        #expect(matrix.product.joined().allSatisfy { $0 == 1 / Double(peers) })
        #expect(Spectrum(of: matrix).spectralGap == 1)
    }

    @Test func sixPeersAreNotQuiteAveragedInThreeRounds() throws {
        let matrix = MixingMatrix(try Graph("one-peer-exponential", peers: 6))
        #expect(matrix.period == 3)
        let error = matrix.product.joined().reduce(0) { max($0, abs($1 - 1.0 / 6)) }
        #expect(abs(error - 0.083333) <= 5e-7)
        // The factors (1 + w^h) / 2 of the sixth roots w: at w = -1 the first is 0; at 60 and 120 degrees the moduli
        // are cos 30 cos 60 cos 120 and cos 60 cos 120 cos 240.
        let expected = [1, 0.8660254037844386 * 0.25, 0.8660254037844386 * 0.25, 0.125, 0.125, 0]
        let spectrum = Spectrum(of: matrix)
        for (found, wanted) in zip(spectrum.moduli, expected) { #expect(abs(found - wanted) < 1e-12) }
        #expect(abs(spectrum.secondModulus - 0.600_468_477_588_001) < 1e-10)
    }

    /// Two peers with weights a and b on themselves: the eigenvalues are 1 and a + b - 1.
    @Test(arguments: ["random-row-stochastic", "random-doubly-stochastic"], 0..<10)
    func drawnWeightsOfTwoByTheFormula(rule: String, seed: UInt64) throws {
        let graph = try Graph("complete", peers: 2, seed: seed, options: Options(["mixing": .text(rule)]))
        let rows = MixingMatrix(graph).dense()
        let moduli = Spectrum(of: MixingMatrix(graph)).moduli
        #expect(abs(moduli[0] - 1) < 1e-12 && abs(moduli[1] - abs(rows[0][0] + rows[1][1] - 1)) < 1e-12)
    }

    /// Under drawn weights, too, connected peers come to agree: rounds upon rounds make all rows the same, under the
    /// doubly stochastic ones the exact average.
    @Test(arguments: ["ring", "exponential", "periodic"]) func drawnWeightsLeadToAgreement(name: String) throws {
        for rule in ["random-row-stochastic", "random-doubly-stochastic"] {
            let matrix = MixingMatrix(try Graph(name, peers: 6, seed: 3, options: Options(["mixing": .text(rule)])))
            let spectrum = Spectrum(of: matrix)
            #expect(abs(spectrum.moduli[0] - 1) < 1e-9 && spectrum.secondModulus < 0.99)
            var power = matrix.product
            for _ in 0..<12 {
                power = power.map { row in
                    (0..<6).map { column in (0..<6).reduce(0) { $0 + row[$1] * power[$1][column] } }
                }
            }
            for row in power {
                for (one, first) in zip(row, power[0]) { #expect(abs(one - first) < 1e-9) }
                if rule == "random-doubly-stochastic" { #expect(row.allSatisfy { abs($0 - 1.0 / 6) < 1e-9 }) }
            }
        }
    }

    @Test func onePeerHasNothingToMix() throws {
        #expect(try spectrum("ring", 1).moduli == [1])
        #expect(try spectrum("ring", 1).spectralGap == 1)
    }

    @Test func whatNeverMixesHasNoGap() throws {
        #expect(Spectrum(of: try custom([[1, 0], [0, 1]])).spectralGap == 0)
        // Two that change places: the modulus counts, not the sign.
        #expect(abs(Spectrum(of: try custom([[0, 1], [1, 0]])).spectralGap) < 1e-15)
    }

    @Test func bestConstantMixesFastest() throws {
        for name in ["ring", "star", "chain", "torus", "hypercube", "random-regular", "erdos-renyi"] {
            func gap(_ rule: String) throws -> Double { try spectrum(name, 16, ["mixing": .text(rule)]).spectralGap }
            let best = try gap("best-constant")
            for rule in ["max-degree", "lazy"] { #expect(try best >= gap(rule) - 1e-12, "\(name) \(rule)") }
        }
    }

    /// Above the limit of LAPACK the answers are those of formulas.
    @Test func largeGraphs() throws {
        func close(_ found: Spectrum, _ modulus: Double) {
            #expect(found.isSettled)
            #expect(abs(found.moduli[0] - 1) < 1e-12)
            #expect(abs(found.secondModulus - modulus) < 1e-8 * (1 - modulus) + 1e-14, "\(found.secondModulus)")
        }
        // Circulants: 1/3 + 2/3 cos(2 pi / n), cos(pi / n), and 2 / (1 + log2 n) off 1.
        close(try spectrum("ring", 1000), 0.999_986_840_570_757_9)
        close(try spectrum("exponential", 1024), 1 - 2.0 / 11)
        // Power iteration: 1/5 + 2/5 + 2/5 cos(2 pi / 24); 1 - 2 / 11; 1/599-weights on a star of 600 leave 1 - 1/600.
        close(try spectrum("torus", 576), 0.2 + 0.4 + 0.4 * 0.965_925_826_289_068_3)
        close(try spectrum("hypercube", 1024), 1 - 2.0 / 11)
        close(try spectrum("star", 600), 1 - 1.0 / 600)
        // 1/3 + 2/3 cos(pi / 2000), where 1 - cos x is 2 sin^2(x / 2).
        close(try spectrum("chain", 2000), 1 - 8.224_668_643_111_219e-7)
    }

    @Test func powerIterationAgreesWithLAPACK() throws {
        for (name, options) in [
            ("erdos-renyi", [:]), ("random-regular", ["degree": .integer(4)]), ("star", ["mixing": .text("uniform")]),
            ("directed-ring", [:]), ("exponential", ["mixing": .text("lazy")]), ("chain", [:]),
        ] as [(String, [String: OptionValue])] {
            let matrix = MixingMatrix(try Graph(name, peers: 40, seed: 3, options: Options(options)))
            let (direct, iterated) = (Spectrum(of: matrix).moduli[1], PowerIteration(matrix).run())
            #expect(iterated.isSettled)
            #expect(abs(direct - iterated.moduli[1]) < 1e-9, "\(name): \(direct), \(iterated.moduli)")
        }
        let cycle = MixingMatrix(try Graph("one-peer-exponential", peers: 23))
        #expect(abs(Spectrum(of: cycle).moduli[1] - PowerIteration(cycle).run().moduli[1]) < 1e-9)
    }

    @Test func formsOfFourierAgreeWithLAPACK() throws {
        for name in ["ring", "directed-ring", "complete", "exponential", "one-peer-exponential"] {
            let matrix = MixingMatrix(try Graph(name, peers: 11))
            let form = try #require(Circulant(matrix)).moduli
            for (a, b) in zip(form, Spectrum(of: matrix).moduli) { #expect(abs(a - b) < 1e-13, "\(name)") }
        }
        #expect(Circulant(MixingMatrix(try Graph("chain", peers: 5))) == nil)
        #expect(Circulant(MixingMatrix(try Graph("torus", peers: 9))) == nil)
    }
}
