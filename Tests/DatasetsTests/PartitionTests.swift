import Configuration
import Datasets
import Randomness
import Testing

@Suite struct PartitionTests {
    private static let all: [Partition] = [
        .iid, .contiguous, .labelSorted, .byClass, .shards(perPeer: 1), .shards(perPeer: 3), .dirichlet(alpha: 0.1),
        .dirichlet(alpha: 100),
    ]

    /// For many numbers of samples, classes and peers: the shares are disjoint, together everything, and the seed's.
    @Test(arguments: all) func sharesAreDisjointAndComplete(partition: Partition) throws {
        var stream = RandomStream(seed: 1, purpose: .test)
        for round in 0..<150 {
            let samples = 20 + stream.integer(below: 2000)
            let classes = 1 + stream.integer(below: 12)
            let peers = 1 + stream.integer(below: min(6, samples))
            let labels = (0..<samples).map { $0 < classes ? Int32($0) : Int32(stream.integer(below: classes)) }
            let seed = stream.next()
            let shares: [[Int]]
            do {
                shares = try partition.shares(labels: labels, peers: peers, seed: seed)
            } catch {
                // A class of few samples cannot be divided among many.
                #expect(partition == .byClass && peers > classes, "round \(round): \(error)")
                continue
            }
            #expect(shares.count == peers)
            #expect(shares.allSatisfy { !$0.isEmpty })
            #expect(shares.joined().sorted() == Array(0..<samples), "\(samples) samples, \(peers) peers")
            #expect(try partition.shares(labels: labels, peers: peers, seed: seed) == shares)
        }
    }

    @Test(arguments: [Partition.iid, .contiguous, .labelSorted, .shards(perPeer: 1)])
    func someSharesAreEqualButForOneSample(partition: Partition) throws {
        var cases = (1...12).flatMap { samples in (1...samples).map { (samples, $0) } }
        cases += [(2000, 7), (1999, 1999), (1000, 8)]
        for (samples, peers) in cases {
            let labels = (0..<samples).map { Int32($0 % 3) }
            let sizes = try partition.shares(labels: labels, peers: peers, seed: 1).map(\.count)
            #expect(sizes.max()! - sizes.min()! <= 1)
            if case .shards = partition { continue }
            #expect(sizes == sizes.sorted(by: >))
        }
    }

    /// The labels of each share, each once.
    private func labels(_ partition: Partition, of labels: [Int32], peers: Int, seed: UInt64 = 1) throws -> [[Int32]] {
        try partition.shares(labels: labels, peers: peers, seed: seed).map { Set($0.map { labels[$0] }).sorted() }
    }

    @Test func sortedByLabelEachPeerHasItsNeighbouringClasses() throws {
        let mixed = (0..<100).map { Int32($0 % 10) }
        #expect(try labels(.labelSorted, of: mixed, peers: 5) == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]])
        #expect(try labels(.labelSorted, of: mixed, peers: 4) == [[0, 1, 2], [2, 3, 4], [5, 6, 7], [7, 8, 9]])
        // Within a class the data set's order stays.
        let first = try Partition.labelSorted.shares(labels: mixed, peers: 10, seed: 1)[0]
        #expect(first == Array(stride(from: 0, to: 100, by: 10)))
    }

    @Test func byClassEachClassHasOneOwnerOrEachPeerOneClass() throws {
        let mixed = (0..<100).map { Int32($0 % 10) }
        #expect(try labels(.byClass, of: mixed, peers: 4) == [[0, 4, 8], [1, 5, 9], [2, 6], [3, 7]])
        #expect(try labels(.byClass, of: mixed, peers: 25).map(\.count) == [Int](repeating: 1, count: 25))
        let shares = try Partition.byClass.shares(labels: mixed, peers: 25, seed: 1)
        // Classes 0 to 4 are divided by three, the others by two.
        #expect(shares.map(\.count) == [4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 3, 3, 3, 3, 3])
        // Labels that no sample has are no classes.
        #expect(try labels(.byClass, of: [3, 9, 3, 9], peers: 2) == [[3], [9]])
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Partition.byClass.shares(labels: [0, 0, 0, 0, 1], peers: 4, seed: 1)
        }
        #expect(error?.key == "peers")
    }

    @Test func aPeerWithTwoShardsKnowsAFewClasses() throws {
        let mixed = (0..<1000).map { Int32($0 % 10) }
        let known = try labels(.shards(perPeer: 2), of: mixed, peers: 10, seed: 3)
        #expect(known.allSatisfy { (1...2).contains($0.count) })
        #expect(Set(known.joined()) == Set(0..<10))
        #expect(try known != labels(.shards(perPeer: 2), of: mixed, peers: 10, seed: 4))
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Partition.shards(perPeer: 101).shares(labels: mixed, peers: 10, seed: 1)
        }
        #expect(error?.key == "partition.per_peer")
    }

    @Test func theConcentrationSaysHowUnequalADirichletDealIs() throws {
        let mixed = (0..<5000).map { Int32($0 % 10) }
        /// How far the classes in the shares are from the whole's, on average over peers (total variation).
        func distance(_ alpha: Double) throws -> Double {
            let shares = try Partition.dirichlet(alpha: alpha).shares(labels: mixed, peers: 5, seed: 2)
            return shares.map { share in
                let counts = share.reduce(into: [Double](repeating: 0, count: 10)) { $0[Int(mixed[$1])] += 1 }
                return counts.map { abs($0 / Double(share.count) - 0.1) / 2 }.reduce(0, +)
            }.reduce(0, +) / 5
        }
        #expect(try distance(1000) < 0.05)
        #expect(try distance(1) > 0.15)
        #expect(try distance(0.05) > 0.5)
        // One class, many peers with nearly equal proportions: nearly equal shares.
        let sizes = try Partition.dirichlet(alpha: 1e6).shares(labels: mixed, peers: 5, seed: 2).map(\.count)
        #expect(sizes.allSatisfy { abs($0 - 1000) < 20 })
    }

    @Test func aDirichletDealGivesEveryoneABatchOrIsRefused() throws {
        let mixed = (0..<1000).map { Int32($0 % 10) }
        let partition = Partition.dirichlet(alpha: 0.1)
        // Most draws of this concentration leave somebody with less.
        let small = try (0..<20).count { seed in
            try partition.shares(labels: mixed, peers: 5, seed: seed).contains { $0.count < 100 }
        }
        #expect(small > 5)
        for seed in 0..<20 as Range<UInt64> {
            let shares = try partition.shares(labels: mixed, peers: 5, batch: 100, seed: seed)
            #expect(shares.allSatisfy { $0.count >= 100 })
        }
        let error = #expect(throws: ConfigurationError.self) {
            _ = try partition.shares(labels: mixed, peers: 5, batch: 201, seed: 1)
        }
        #expect(error?.key == "partition.alpha")
        #expect(error?.message.contains("a batch of 201") == true)
    }

    @Test func contiguousKeepsTheOrderAndIidDoesNot() throws {
        let labels = [Int32](repeating: 0, count: 100)
        let contiguous = try Partition.contiguous.shares(labels: labels, peers: 3, seed: 1)
        #expect(contiguous == [Array(0..<34), Array(34..<67), Array(67..<100)])
        let iid = try [1, 1, 2].map { try Partition.iid.shares(labels: labels, peers: 3, seed: $0) }
        #expect(iid[0] == iid[1])
        #expect(iid[0] != iid[2])
        #expect(Set(iid[0][0]) != Set(contiguous[0]))
    }

    /// Each share of an iid partition has the classes in the data's proportions (chi-square with 9 degrees of freedom).
    @Test func iidSharesHaveTheClassesOfTheWhole() throws {
        // Sorted by class, where any order that is not random shows.
        let labels = (0..<10_000).map { Int32($0 / 1000) }
        for share in try Partition.iid.shares(labels: labels, peers: 8, seed: 5) {
            let counts = share.reduce(into: [Int](repeating: 0, count: 10)) { $0[Int(labels[$1])] += 1 }
            let chiSquare = counts.map { Double(($0 - 125) * ($0 - 125)) / 125 }.reduce(0, +)
            #expect(chiSquare < 27.9)
        }
    }

    @Test func peersWithoutSamplesAreRefused() {
        let labels: [Int32] = [0, 1, 2]
        #expect(
            throws: ConfigurationError(
                key: "peers", "4 peers cannot share 3 training samples; lower peers or take more samples")
        ) { try Partition.iid.shares(labels: labels, peers: 4, seed: 1) }
        #expect(throws: ConfigurationError(key: "peers", "0 is not a whole number of at least 1")) {
            try Partition.iid.shares(labels: labels, peers: 0, seed: 1)
        }
    }

    @Test func partitionsAreMadeByKind() throws {
        let made = try Partition.all.map { try Partition.make($0.name, Options()) }
        #expect(
            made == [
                .iid, .contiguous, .labelSorted, .byClass, .shards(perPeer: 2), .dirichlet(alpha: 0.5),
                .sets(count: 2), .own,
            ])
        #expect(try Partition.make("shards", Options(["per_peer": .integer(5)])) == .shards(perPeer: 5))
        #expect(throws: ConfigurationError(key: "kind", "unknown partition 'idd'; did you mean 'iid'?")) {
            try Partition.make("idd", Options())
        }
        #expect(throws: ConfigurationError(key: "alpha", "unknown key 'alpha'; there is none to give here")) {
            try Partition.make("iid", Options(["alpha": .number(1)]))
        }
        #expect(throws: ConfigurationError.self) {
            try Partition.make("dirichlet", Options(["alpha": .number(0)]))
        }
    }

    @Test func whatIsOnesOwnIsAll() throws {
        let labels = [Int32](repeating: 0, count: 4)
        #expect(try Partition.own.shares(labels: labels, peers: 2, seed: 1) == [[0, 1, 2, 3], [0, 1, 2, 3]])
    }

    /// Set k is that of the peers of the k-th part, whole; the sets are disjoint.
    @Test func peersOfASetHaveAllOfIt() throws {
        let labels = [Int32](repeating: 0, count: 10)
        let shares = try Partition.sets(count: 2).shares(labels: labels, peers: 5, seed: 1)
        #expect(shares[0] == shares[1] && shares[1] == shares[2] && shares[3] == shares[4])
        #expect((shares[0] + shares[3]).sorted() == Array(0..<10))
        #expect(shares[0] == (try Partition.iid.shares(labels: labels, peers: 2, seed: 1))[0])
        let error = #expect(throws: ConfigurationError.self) {
            try Partition.sets(count: 3).shares(labels: labels, peers: 2, seed: 1)
        }
        #expect(error?.key == "partition.sets")
    }
}
