import Configuration
import Datasets
import Testing

@Suite struct SamplerTests {
    private static let shape = ImageShape(channels: 2, height: 2, width: 3)

    /// Sample i has the label i, and pixels that tell the sample, the channel and the place.
    private let samples = ImageSamples(
        shape: shape,
        pixels: (0..<40).flatMap { sample in (0..<12).map { UInt8((sample * 12 + $0) % 256) } },
        labels: (0..<40).map(Int32.init))
    private let normalization = Normalization(mean: [0.25, 0.5], deviation: [0.5, 2])

    private func sampler(
        share: [Int] = Array(10..<33), batch: Int = 5, _ lastBatch: LastBatch = .keep, seed: UInt64 = 1, peer: Int = 0,
        state: Sampler.State = Sampler.State()
    ) throws(ConfigurationError) -> Sampler {
        try Sampler(
            NormalizedSamples(samples, normalization), share: share, batch: batch, lastBatch: lastBatch, seed: seed,
            peer: peer, state: state)
    }

    /// The labels of the next batch, its images having been checked.
    private func next(_ sampler: inout Sampler) -> [Int] {
        let count = sampler.nextCount
        var images = [Float](repeating: .nan, count: count * 12)
        var labels = [Int32](repeating: -1, count: count)
        var imageSpan = images.mutableSpan
        var labelSpan = labels.mutableSpan
        sampler.fill(images: &imageSpan, labels: &labelSpan)
        let expected: [Float] = labels.flatMap { label in
            (0..<12).map { place in
                let pixel = Float((Int(label) * 12 + place) % 256) / 255
                return place < 6 ? (pixel - 0.25) / 0.5 : (pixel - 0.5) / 2
            }
        }
        #expect(images == expected)
        return labels.map(Int.init)
    }

    @Test func anEpochGoesOnceThroughTheShareAndTheNextInAnotherOrder() throws {
        var sampler = try sampler()
        #expect(sampler.batchSizes == [5, 3])
        var orders: [[Int]] = []
        for epoch in 0..<4 {
            #expect(sampler.state == Sampler.State(epoch: UInt64(epoch)))
            let batches = (0..<5).map { _ in next(&sampler) }
            #expect(batches.map(\.count) == [5, 5, 5, 5, 3])
            orders.append(Array(batches.joined()))
            #expect(orders[epoch].sorted() == Array(10..<33))
        }
        #expect(Set(orders).count == 4)
    }

    @Test func aRestThatIsDroppedLeavesEqualBatches() throws {
        var sampler = try sampler(.drop)
        #expect(sampler.batchSizes == [5])
        var seen: Set<Int> = []
        for epoch in 0..<8 {
            #expect(sampler.state == Sampler.State(epoch: UInt64(epoch)))
            let epochSamples = (0..<4).flatMap { _ in next(&sampler) }
            #expect(epochSamples.count == 20 && Set(epochSamples).count == 20)
            seen.formUnion(epochSamples)
        }
        // Another rest is left out each time.
        #expect(seen == Set(10..<33))
    }

    @Test(arguments: LastBatch.allCases) func whatDividesEvenlyLeavesNoRest(lastBatch: LastBatch) throws {
        var sampler = try sampler(share: Array(0..<20), lastBatch)
        #expect(sampler.batchSizes == [5])
        for _ in 0..<4 { _ = next(&sampler) }
        #expect(sampler.state == Sampler.State(epoch: 1))
    }

    @Test func seedPeerAndEpochDecideTheOrder() throws {
        func labels(seed: UInt64, peer: Int) throws -> [Int] {
            var sampler = try sampler(seed: seed, peer: peer)
            return (0..<20).flatMap { _ in next(&sampler) }
        }
        #expect(try labels(seed: 1, peer: 0) == labels(seed: 1, peer: 0))
        #expect(try labels(seed: 1, peer: 0) != labels(seed: 2, peer: 0))
        #expect(try labels(seed: 1, peer: 0) != labels(seed: 1, peer: 1))
    }

    @Test func aResumedSamplerGoesOnAsIfNothingHadHappened() throws {
        for stop in 0..<12 {
            var whole = try sampler()
            for _ in 0..<stop { _ = next(&whole) }
            var resumed = try sampler(state: whole.state)
            for _ in 0..<7 { #expect(next(&resumed) == next(&whole)) }
            #expect(resumed.state == whole.state)
        }
    }

    @Test(arguments: LastBatch.allCases) func aBatchBeyondTheShareIsRefused(lastBatch: LastBatch) throws {
        #expect(
            throws: ConfigurationError(
                key: "batch",
                "24 is larger than peer 2's share of 23 samples; lower batch or peers, or take more samples")
        ) { _ = try sampler(batch: 24, lastBatch, peer: 2) }
        #expect(throws: ConfigurationError(key: "batch", "0 is not a whole number of at least 1")) {
            _ = try sampler(batch: 0, lastBatch)
        }
        #expect(try sampler(batch: 23, lastBatch).batchSizes == [23])
    }

    @Test(arguments: [-5, 3, 23, 25]) func aStateOfAnotherRunIsRefused(position: Int) {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try sampler(state: Sampler.State(epoch: 2, position: position))
        }
        #expect(error?.message.hasPrefix("position \(position) of epoch 2 is none of batches of 5") == true)
    }
}
