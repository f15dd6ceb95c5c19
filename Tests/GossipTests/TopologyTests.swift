import Configuration
import Foundation
import Gossip
import Graphs
import Testing

/// Numbers of peers for which a topology does not exist.
private func exists(_ name: String, _ peers: Int) -> Bool {
    switch name {
    case "hypercube": peers.nonzeroBitCount == 1
    case "house": peers == 5
    case "torus": peers == 1 || (2..<peers).contains { peers.isMultiple(of: $0) }
    default: true
    }
}

/// A graph with its default options; custom gets a matrix of its own: peer 0 hears everybody, the others peer 0.
private func make(_ name: String, _ peers: Int, seed: UInt64 = 1) throws -> Graph {
    guard name == "custom" else { return try Graph(name, peers: peers, seed: seed) }
    let rows = (0..<peers).map { receiver in
        OptionValue.list((0..<peers).map { .number(receiver == 0 || $0 == 0 || $0 == receiver ? 0.25 : 0) })
    }
    return try Graph(name, peers: peers, options: Options(["matrix": .list(rows)]))
}

@Suite struct TopologyTests {
    static let names = Topologies.all.map(\.name)

    @Test(arguments: names, [1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 16, 17, 33])
    func neighboursAndSendersAgree(name: String, peers: Int) throws {
        guard exists(name, peers) else {
            #expect(throws: ConfigurationError.self) { try make(name, peers) }
            return
        }
        let graph = try make(name, peers)
        let ids = (0..<peers).map { PeerID($0) }
        for round in 0..<(graph.period + 2) {
            for peer in ids {
                let neighbours = graph.neighbours(of: peer, round: round)
                #expect(neighbours == Set(neighbours).sorted())
                #expect(!neighbours.contains(peer))
                #expect(neighbours.allSatisfy { (0..<peers).contains($0.rawValue) })
                #expect(graph.degree(of: peer, round: round) == neighbours.count)
                #expect(neighbours == neighbours.indices.map { graph.neighbour($0, of: peer, round: round) })
                #expect(neighbours == graph.neighbours(of: peer, round: round + graph.period))
                let senders = ids.filter { graph.neighbours(of: $0, round: round).contains(peer) }
                #expect(graph.senders(to: peer, round: round) == senders)
                if !graph.isDirected { #expect(senders == neighbours) }
            }
        }
        #expect(graph.isConnected)
    }

    @Test func aRingOfFiveAndACompleteGraphOfThree() throws {
        #expect(try Graph("ring", peers: 5).neighbours(of: 0) == [1, 4])
        #expect(try Graph("ring", peers: 5).neighbours(of: 4) == [0, 3])
        #expect(try Graph("ring", peers: 2).neighbours(of: 0) == [1])
        #expect(try Graph("complete", peers: 3).neighbours(of: 1) == [0, 2])
    }

    @Test func whoTalksToWhom() throws {
        #expect(try Graph("directed-ring", peers: 4).neighbours(of: 3) == [0])
        #expect(try Graph("star", peers: 4).neighbours(of: 0) == [1, 2, 3])
        #expect(try Graph("star", peers: 4).neighbours(of: 2) == [0])
        #expect(try Graph("chain", peers: 4).neighbours(of: 1) == [0, 2])
        #expect(try Graph("chain", peers: 4).neighbours(of: 3) == [2])
        #expect(try Graph("hypercube", peers: 8).neighbours(of: 5) == [1, 4, 7])
        #expect(try Graph("exponential", peers: 6).neighbours(of: 3) == [1, 4, 5])
        #expect(try Graph("exponential", peers: 9).neighbours(of: 0) == [1, 2, 4, 8])
        let onePeer = try Graph("one-peer-exponential", peers: 6)
        #expect(onePeer.period == 3)
        #expect((0..<4).map { onePeer.neighbours(of: 4, round: $0) } == [[5], [0], [2], [5]])
        #expect(onePeer.senders(to: 0, round: 2) == [2])
    }

    @Test func aTorusIsNearlySquareUnlessToldOtherwise() throws {
        let auto = try Graph("torus", peers: 12)
        // Three rows of four: 5 lies in the middle row, below 1, above 9.
        #expect(auto.neighbours(of: 5) == [1, 4, 6, 9])
        #expect(auto.neighbours(of: 0) == [1, 3, 4, 8])
        // Both ways down a side of two lead to the same peer.
        let flat = try Graph("torus", peers: 12, options: Options(["rows": .integer(2)]))
        #expect(flat.neighbours(of: 0) == [1, 5, 6])
        #expect(try Graph("torus", peers: 4).neighbours(of: 0) == [1, 2])
        #expect(
            throws: ConfigurationError(
                key: "rows", "12 peers do not fill 5 rows of two or more columns each; choose rows among 2, 3, 4, 6")
        ) { try Graph("torus", peers: 12, options: Options(["rows": .integer(5)])) }
        #expect(
            throws: ConfigurationError(
                key: nil,
                "a torus needs two or more rows and columns, and 7 peers make no such grid; take 6 or 8 peers, or "
                    + "topology.name=ring")
        ) { try Graph("torus", peers: 7) }
    }

    @Test func aHypercubeHasAPowerOfTwo() throws {
        #expect(
            throws: ConfigurationError(
                key: nil,
                "a hypercube has a power of two peers, and 12 is none; take 8 or 16 peers, or "
                    + "topology.name=exponential")
        ) { try Graph("hypercube", peers: 12) }
    }

    @Test func anUnknownGraphMeetsTheNearestOne() {
        #expect(
            throws: ConfigurationError(key: "name", "unknown topology 'rign'; did you mean 'ring'?")
        ) {
            try Graph("rign", peers: 4)
        }
    }

    @Test(arguments: names) func aGraphIsWrittenAsItsChoice(name: String) throws {
        let peers = name == "house" ? 5 : 8
        let graph = try make(name, peers, seed: 3)
        let copy = try JSONDecoder().decode(Graph.self, from: JSONEncoder().encode(graph))
        #expect(copy.name == name && copy.peers == peers && copy.seed == graph.seed)
        for peer in 0..<peers { #expect(copy.neighbours(of: PeerID(peer)) == graph.neighbours(of: PeerID(peer))) }
    }

    @Test func partsCoverAVectorInOrder() {
        for (length, count) in [(10, 3), (2, 4), (7, 7), (0, 2), (9, 1)] {
            let ranges = (0..<count).map { Part($0, of: count).range(in: length) }
            #expect(ranges.flatMap { Array($0) } == Array(0..<length))
            let counts: [Int] = ranges.map(\.count)
            #expect(counts.allSatisfy { $0 == length / count || $0 == length / count + 1 })
        }
    }
}
