import Configuration
import Datasets
import Randomness
import Testing

@Suite struct PartitionTests {
    /// For many numbers of samples and peers: the shares are disjoint, together everything, equal but for one sample.
    @Test(arguments: Partition.allCases) func sharesAreDisjointCompleteAndEqual(partition: Partition) throws {
        var stream = RandomStream(seed: 1, purpose: .test)
        var cases = (1...12).flatMap { samples in (1...samples).map { (samples, $0) } }
        for _ in 0..<200 {
            let samples = 1 + stream.integer(below: 2000)
            cases.append((samples, 1 + stream.integer(below: samples)))
        }
        for (samples, peers) in cases {
            let labels = [Int32](repeating: 0, count: samples)
            let shares = try partition.shares(labels: labels, peers: peers, seed: stream.next())
            #expect(shares.count == peers)
            #expect(shares.joined().sorted() == Array(0..<samples), "\(samples) samples, \(peers) peers")
            let sizes = shares.map(\.count)
            #expect(sizes.max()! - sizes.min()! <= 1)
            #expect(sizes == sizes.sorted(by: >))
        }
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
        for description in Partition.all {
            #expect(try Partition.make(description.name, Options()).rawValue == description.name)
        }
        #expect(Partition.all.count == Partition.allCases.count)
        #expect(throws: ConfigurationError(key: "kind", "unknown partition 'idd'; did you mean 'iid'?")) {
            try Partition.make("idd", Options())
        }
        #expect(throws: ConfigurationError(key: "alpha", "unknown key 'alpha'; there is none to give here")) {
            try Partition.make("iid", Options(["alpha": .number(1)]))
        }
    }
}
