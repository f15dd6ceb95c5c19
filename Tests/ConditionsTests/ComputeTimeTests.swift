import Conditions
import Gossip
import Graphs
import Testing

@Suite struct ComputeTimeTests {
    @Test func constantAndTraceAreWhatTheySay() {
        let constant = ComputeTime(.constant(seconds: 0.5), factors: [2: 4])
        #expect(constant.seconds(peer: 0, step: 7, seed: 1) == 0.5)
        #expect(constant.seconds(peer: 2, step: 7, seed: 1) == 2)
        let trace = ComputeTime(.trace([1, 2, 3]), factors: [1: 0.5])
        #expect((0..<7).map { trace.seconds(peer: 0, step: $0, seed: 1) } == [1, 2, 3, 1, 2, 3, 1])
        #expect(trace.seconds(peer: 1, step: 5, seed: 1) == 1.5)
        #expect(trace.seconds(peer: 0, step: .max, seed: 1) == 1)
    }

    @Test func timesDependOnPeerStepAndSeedAlone() {
        let time = ComputeTime(.normal(meanSeconds: 0.01, spread: 0.1))
        let once = (0..<50).map { time.seconds(peer: 3, step: $0, seed: 9) }
        #expect((0..<50).reversed().map { time.seconds(peer: 3, step: $0, seed: 9) } == once.reversed())
        #expect(Set(once).count == 50)
        #expect((0..<50).map { time.seconds(peer: 4, step: $0, seed: 9) } != once)
        #expect((0..<50).map { time.seconds(peer: 3, step: $0, seed: 8) } != once)
    }

    @Test func normalTimesHaveTheirMeanAndSpread() {
        let time = ComputeTime(.normal(meanSeconds: 0.02, spread: 0.25), factors: [1: 3])
        let drawn = (0..<100_000).map { time.seconds(peer: 0, step: $0, seed: 1) }
        let mean = drawn.reduce(0, +) / 100_000
        let square = drawn.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 100_000
        #expect(abs(mean - 0.02) < 1e-4)
        #expect(abs(square.squareRoot() - 0.005) < 1e-4)
        #expect(drawn.allSatisfy { $0 >= 0 })
        // A straggler is slower by its factor in the mean; its draws are its own.
        let slow = (0..<100_000).map { time.seconds(peer: 1, step: $0, seed: 1) }.reduce(0, +) / 100_000
        #expect(abs(slow - 0.06) < 3e-4)
    }

    @Test func nothingVariesWithoutSpread() {
        let time = ComputeTime(.normal(meanSeconds: 0.02, spread: 0))
        #expect((0..<5).allSatisfy { time.seconds(peer: 0, step: $0, seed: 1) == 0.02 })
        #expect(ComputeTime(.normal(meanSeconds: 0, spread: 1)).seconds(peer: 0, step: 0, seed: 1) == 0)
    }
}
