import Configuration
import Foundation
import Gossip
import Graphs
import Records
import TestKit
import Testing
import Training

/// The object that `murmur topology --json` prints.
private struct Printed: Decodable, Equatable {
    let name: String
    let peers: Int
    let matrix: [[Double]]?
    let eigenvalueModuli: [Double]
    let spectralGap: Double
    let doublyStochastic: Bool
    let stronglyConnected: Bool
    let period: Int
}

@Suite struct TopologyTests {
    private func call(_ arguments: String...) throws -> Called {
        var called: Called?
        try withTemporaryFolder { folder in
            let process = try Command.process(["topology"] + arguments, in: folder)
            try process.run()
            process.waitUntilExit()
            called = Called(
                code: process.terminationStatus, output: try Command.text("stdout", in: folder),
                errors: try Command.text("stderr", in: folder))
        }
        return try #require(called)
    }

    private func printed(_ called: Called) throws -> Printed {
        #expect(called.code == 0 && called.errors == "")
        let keys = try JSONSerialization.jsonObject(with: Data(called.output.utf8)) as? [String: Any]
        #expect(
            keys?.keys.sorted() == [
                "doubly_stochastic", "eigenvalue_moduli", "matrix", "name", "peers", "period", "spectral_gap",
                "strongly_connected",
            ])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Printed.self, from: Data(called.output.utf8))
    }

    @Test func aRingOfFour() throws {
        let ring = try printed(call("ring", "--peers", "4", "--json"))
        #expect(ring.name == "ring" && ring.peers == 4 && ring.period == 1)
        #expect(ring.doublyStochastic && ring.stronglyConnected)
        #expect(abs(ring.spectralGap - 2.0 / 3) < 1e-12)
        #expect(ring.matrix?.count == 4 && ring.matrix?[0][2] == 0)
        #expect(ring.eigenvalueModuli.count == 4)
    }

    @Test func aGraphThatChangesShowsTheProductOfItsRounds() throws {
        let graph = try printed(call("one-peer-exponential", "--peers", "8", "--json"))
        #expect(graph.period == 3 && graph.spectralGap == 1)
        #expect(graph.matrix == Array(repeating: Array(repeating: 0.125, count: 8), count: 8))
    }

    @Test func aCycleOfGraphsShowsTheProductOfItsRounds() throws {
        let graphs = "graphs=[[[0, 1], [2, 3]], [[1, 2], [3, 0]]]"
        let cycle = try printed(call("periodic", "--peers", "4", graphs, "--json"))
        #expect(cycle.period == 2 && cycle.doublyStochastic && cycle.stronglyConnected)
        #expect(cycle.matrix == Array(repeating: Array(repeating: 0.25, count: 4), count: 4))
        #expect(abs(cycle.spectralGap - 1) < 1e-7)
        let text = try call("periodic", "--peers", "4", graphs).output
        #expect(text.hasPrefix("periodic, 4 peers, mixing metropolis, repeats after 2 rounds\n"))
        #expect(text.contains("round 1\n  0  -- 3\n") && text.contains("product of the 2 rounds"))
    }

    @Test func drawnWeightsAreTheSeeds() throws {
        let rule = "mixing=random-doubly-stochastic"
        let drawn = try printed(call("ring", "--peers", "5", rule, "--json"))
        #expect(drawn.doublyStochastic && drawn.matrix?[0][1] != drawn.matrix?[1][0])
        #expect(try printed(call("ring", "--peers", "5", rule, "seed=1", "--json")) == drawn)
        #expect(try printed(call("ring", "--peers", "5", rule, "seed=2", "--json")) != drawn)
    }

    @Test func optionsAreTheTopologys() throws {
        let lazy = try printed(call("ring", "--peers", "4", "mixing=lazy", "--json"))
        #expect(abs((lazy.matrix?[0][0] ?? 0) - 2.0 / 3) < 1e-12)
        let custom = try printed(call("custom", "--peers", "2", "matrix=[[1, 0], [0.5, 0.5]]", "--json"))
        #expect(!custom.doublyStochastic && !custom.stronglyConnected && custom.spectralGap == 0.5)
        let (one, same) = (try call("erdos-renyi", "--peers", "9"), try call("erdos-renyi", "--peers", "9", "seed=1"))
        #expect(one.output == same.output)
        #expect(try call("erdos-renyi", "--peers", "9", "seed=2").output != one.output)
    }

    @Test func largeGraphsHaveNoMatrixButAGap() throws {
        let graph = try printed(call("ring", "--peers", "1000", "--json"))
        #expect(graph.matrix == nil)
        #expect(abs(graph.spectralGap - 1.315_942_924_2e-5) < 1e-12)
    }

    @Test func peopleReadWhoTalksToWhom() throws {
        #expect(
            try call("star", "--peers", "3", "mixing=uniform").output == """
                star, 3 peers, mixing uniform

                who sends to whom
                  0  -- 1 2
                  1  -- 0
                  2  -- 0

                weights (a row for each receiver)
                  0  0.3333  0.3333  0.3333
                  1  0.5000  0.5000       .
                  2  0.5000       .  0.5000

                spectrum
                  eigenvalue moduli  1.000000 0.500000 0.166667
                  spectral gap       0.5

                properties
                  row-stochastic      yes
                  column-stochastic   no: the weights on sender 0 (column 0) sum to 1.3333333333333335, not 1
                  doubly stochastic   no: the weights on sender 0 (column 0) sum to 1.3333333333333335, not 1
                  symmetric           no: peer 0 puts 0.3333333333333333 on peer 1, which puts 0.5 on it
                  strongly connected  yes
                  positive diagonal   yes

                """)
        let lines = try call("exponential", "--peers", "100").output.split(separator: "\n")
        #expect(lines.contains("   0  -> 1 2 4 8 16 32 64"))
        #expect(lines.contains("  and 84 more peers"))
    }

    @Test(arguments: [
        (["rign", "--peers", "5"], "unknown topology 'rign'; did you mean 'ring'?"),
        (["hypercube", "--peers", "6"], "a hypercube has a power of two peers, and 6 is none; take 4 or 8 peers, or "),
        (["torus", "--peers", "6", "rws=2"], "rws: unknown key 'rws'; did you mean 'rows'?"),
        (["ring", "--peers", "0"], "peers: 0 is not a whole number from 1 to 1000000"),
        (
            ["periodic", "--peers", "3", "graphs=[[[0, 1]], [[1, 0]]]"],
            "graphs: all 2 rounds together are not strongly connected: no path leads from peer 0 to peer 2; "
        ),
        (["custom", "--peers", "2", "matrix=[[1, 0]]"], "matrix: 1 row for 2 peers; give a row for each peer"),
        (["complete", "--peers", "100000"], "peers: a mixing matrix of more than 200 million weights"),
    ])
    func mistakesAreNamed(arguments: [String], sentence: String) throws {
        try withTemporaryFolder { folder in
            let process = try Command.process(["topology"] + arguments, in: folder)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 78)
            #expect(try Command.text("stdout", in: folder) == "")
            #expect(try Command.text("stderr", in: folder).hasPrefix("murmur: " + sentence))
        }
    }

    /// The settings of a run of a few milliseconds.
    private let small = [
        "train", "model.name=softmax", "data.name=synthetic", "data.samples=64", "batch=8", "--json", "--quiet",
    ]

    @Test(arguments: Topologies.all.map(\.name).filter { $0 != "custom" })
    func gosgdTalksAlongItsEdgesOnly(name: String) throws {
        try withTemporaryFolder { folder in
            let peers = name == "house" ? 5 : 8
            let settings = ["topology.name=" + name, "peers=\(peers)", "steps=20", "algorithm.probability=1"]
            let process = try Command.process(small + settings, in: folder)
            try process.run()
            process.waitUntilExit()
            let errors = try Command.text("stderr", in: folder)
            #expect(process.terminationStatus == 0, "\(errors)")
            let summary = try Summary(text: Command.text("stdout", in: folder))
            #expect(abs(try #require(summary.weightMass) - 1) < 1e-9)
            let graph = try Graph(name, peers: peers, seed: 1)
            for (sender, counts) in try #require(summary.messagesByPair).enumerated() {
                let allowed = Set((0..<graph.period).flatMap { graph.neighbours(of: PeerID(sender), round: $0) })
                #expect(counts.reduce(0, +) == 20)
                for (receiver, count) in counts.enumerated() where count > 0 {
                    #expect(allowed.contains(PeerID(receiver)))
                }
            }
        }
    }

    @Test func gosgdRefusesAGraphThatIsNotConnected() throws {
        try withTemporaryFolder { folder in
            let settings = ["peers=2", "steps=2", "topology.name=custom", "topology.matrix=[[1, 0], [0.5, 0.5]]"]
            let process = try Command.process(small + settings, in: folder)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 78)
            #expect(
                try Command.text("stderr", in: folder) == "murmur: algorithm: gosgd needs a connected graph, but in "
                    + "topology 'custom' no path leads both from peer 0 to peer 1 and back; mend topology.matrix, or "
                    + "choose another topology by its name\n")
        }
    }
}
