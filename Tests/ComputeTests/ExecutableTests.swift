import Models
import Randomness
import Testing
import Vectors

@testable import Compute

@Suite struct ExecutableTests {
    private func gradient(
        _ executable: inout Executable, dropoutSeed: UInt64 = 3
    ) -> (loss: Float, correct: Int, gradient: [Float]) {
        // What is left in the block must not matter.
        var block = FlatVector([Float](repeating: .nan, count: executable.network.layout.count))
        var stream = RandomStream(seed: dropoutSeed, purpose: .dropout)
        let result = block.write { executable.gradient(into: &$0, dropout: &stream) }
        return (result.loss, result.correct, block.array())
    }

    @Test(arguments: SampleNetworks.all)
    func agreesWithTheReference(_ sample: SampleNetworks.Sample) throws {
        let problem = try Problem(sample, batch: 3)
        let wanted = problem.reference(dropout: RandomStream(seed: 3, purpose: .dropout))
        var executable = try problem.executable()
        for _ in 0..<2 {
            let found = gradient(&executable)
            #expect(abs(Double(found.loss) - wanted.loss) < 1e-5)
            #expect(distance(found.gradient, wanted.gradient, problem.network.layout) < sample.tolerance)
        }
    }

    @Test(arguments: SampleNetworks.all)
    func aTeamAgreesAndRepeatsItsBits(_ sample: SampleNetworks.Sample) throws {
        let problem = try Problem(sample, batch: 5)
        let wanted = problem.reference(dropout: RandomStream(seed: 3, purpose: .dropout))
        var once = try problem.executable(threads: 2)
        var again = try problem.executable(threads: 2)
        let first = gradient(&once)
        #expect(first.gradient == gradient(&again).gradient)
        #expect(distance(first.gradient, wanted.gradient, problem.network.layout) < sample.tolerance)
    }

    @Test(arguments: SampleNetworks.all)
    func inferenceIsWithoutDropoutAndCountsWhatIsRight(_ sample: SampleNetworks.Sample) throws {
        let problem = try Problem(sample, batch: 4)
        var calibration = try problem.executable(mode: .statistics)
        calibration.evaluate()
        let statistics = calibration.withStatistics { span in span.indices.map { span[$0] } }
        let wanted = problem.reference(statistics: statistics)
        var executable = try problem.executable(mode: .inference)
        executable.load(statistics: statistics.span)
        let (lossSum, correct) = executable.evaluate()
        #expect(abs(lossSum - 4 * wanted.loss) < 1e-4)
        let right = problem.labels.indices.filter { sample in
            let row = wanted.logits[(sample * 5)..<(sample * 5 + 5)]
            return row.max() == row[sample * 5 + problem.labels[sample]]
        }
        #expect(correct == right.count)
        let logits = executable.withLogits { span in span.indices.map { span[$0] } }
        #expect(zip(logits, wanted.logits).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    }

    @Test func parametersThatAreHeldAreThoseOfTheirOwnerUntilLetGo() throws {
        let problem = try Problem(SampleNetworks.all[1], batch: 4)
        var executable = try problem.executable()
        let loaded = gradient(&executable).gradient
        var owned: Payload? = Payload(problem.parameters.map { Float($0) })
        weak let held = owned
        for scale in [1, 2] as [Float] {
            executable.hold(try #require(owned), scale: scale)
            executable.load([Float](repeating: 0, count: problem.parameters.count).span)
            executable.hold(try #require(owned), scale: scale)
            #expect((gradient(&executable).gradient == loaded) == (scale == 1))
        }
        executable.hold(try #require(owned))
        owned = nil
        #expect(held != nil && gradient(&executable).gradient == loaded)
        executable.letGo()
        #expect(held == nil)
    }

    @Test func statisticsOfABatchAreItsMeansAndUnbiasedVariances() throws {
        let network = try Network(
            name: "n", inputShape: [2, 1, 2], classes: 2,
            layers: [.batchNorm(name: "bn"), .flatten, .dense(name: "end", outputs: 2)])
        for mode in [Mode.training, .statistics] {
            var executable = try Executable(network, batch: 2, mode: mode)
            network.initialParameters(seed: 1).read { executable.load($0) }
            executable.withInput { images, _ in
                for (index, value) in [1, 2, 10, 10, 3, 6, 10, 14].enumerated() { images[index] = Float(value) }
            }
            if mode == .training { _ = gradient(&executable) } else { executable.evaluate() }
            let found = executable.withStatistics { span in span.indices.map { span[$0] } }
            // Channel 0 holds 1 2 3 6, channel 1 holds 10 10 10 14.
            #expect(found == [3, 11, Float(14.0 / 3), 4])
        }
    }

    /// The exponential of the kernel's own neither overflows nor hides what is no number.
    @Test func evoNormStandsTheLargestNumbersAndShowsWhatIsNone() throws {
        let network = try Network(
            name: "n", inputShape: [16, 1, 2], classes: 16,
            layers: [.evoNorm(name: "n", groups: 16), .globalAveragePool])
        var executable = try Executable(network, batch: 1, mode: .inference)
        network.initialParameters(seed: 1).read { executable.load($0) }
        func output(_ numbers: [Float]) -> [Float] {
            executable.withInput { images, _ in for index in 0..<32 { images[index] = numbers[index % 2] } }
            executable.evaluate()
            return executable.withLogits { span in span.indices.map { span[$0] } }
        }
        // Half of their distance, 1e15, is the deviation; what is far below 0 is gated away.
        #expect(output([1e15, -1e15]).allSatisfy { abs($0 - 0.5) < 1e-6 })
        #expect(output([0, .nan]).allSatisfy { $0.isNaN })
    }

    @Test func dropoutDrawsAnewAtEachStepAndRepeatsWithTheSeed() throws {
        let problem = try Problem(SampleNetworks.all[2], batch: 3)
        var executable = try problem.executable()
        let first = gradient(&executable, dropoutSeed: 1)
        #expect(first.gradient != gradient(&executable, dropoutSeed: 2).gradient)
        #expect(first.gradient == gradient(&executable, dropoutSeed: 1).gradient)
        var stream = RandomStream(seed: 1, purpose: .dropout)
        var block = FlatVector(count: problem.network.layout.count)
        let before = stream
        _ = block.write { executable.gradient(into: &$0, dropout: &stream) }
        #expect(stream != before)
    }

    @Test func weightsAreCopiedAsOfTheLoadAndScaled() throws {
        let problem = try Problem(SampleNetworks.all[1], batch: 2)
        var executable = try problem.executable()
        let wanted = gradient(&executable)
        var block = FlatVector(problem.parameters.map { Float(2 * $0) })
        block.read { executable.load($0, scale: 0.5) }
        block.write { span in for index in 0..<span.count { span[index] = .nan } }
        #expect(gradient(&executable).gradient == wanted.gradient)
    }

    @Test func aNaNAmongTheWeightsIsReportedAsIt() throws {
        let network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10)
        for index in [0, network.layout.count - 1, network.layout.count / 2] {
            var executable = try Executable(network, batch: 2)
            var parameters = network.initialParameters(seed: 1)
            parameters.write { $0[index] = .nan }
            parameters.read { executable.load($0) }
            executable.withInput { images, _ in for index in 0..<images.count { images[index] = 0.5 } }
            #expect(gradient(&executable).loss.isNaN)
        }
    }

    @Test func executablesOnManyThreadsDoNotDisturbEachOther() async throws {
        let problem = try Problem(SampleNetworks.all[3], batch: 3)
        var alone = try problem.executable()
        let wanted = gradient(&alone).gradient
        try await withThrowingTaskGroup(of: [[Float]].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var executable = try problem.executable()
                    return (0..<20).map { _ in self.gradient(&executable).gradient }
                }
            }
            for try await results in group {
                #expect(results.allSatisfy { $0 == wanted })
            }
        }
    }
}
