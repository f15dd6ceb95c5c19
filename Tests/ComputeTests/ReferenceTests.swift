import Models
import Randomness
import Testing
import Vectors

@testable import Compute

/// The oracle itself, held against finite differences.
@Suite struct ReferenceTests {
    @Test(arguments: SampleNetworks.all)
    func gradientsAgreeWithFiniteDifferences(_ sample: SampleNetworks.Sample) throws {
        var problem = try Problem(sample, batch: 2)
        let stream = RandomStream(seed: 3, purpose: .dropout)
        let gradient = problem.reference(dropout: stream).gradient
        var chooser = RandomStream(seed: 4, purpose: .test)
        let step = 1e-6
        for _ in 0..<12 {
            let index = chooser.integer(below: gradient.count)
            let middle = problem.parameters[index]
            problem.parameters[index] = middle + step
            let above = problem.reference(dropout: stream).loss
            problem.parameters[index] = middle - step
            let below = problem.reference(dropout: stream).loss
            problem.parameters[index] = middle
            #expect(
                abs((above - below) / (2 * step) - gradient[index]) < 1e-7 + 1e-5 * abs(gradient[index]),
                "parameter \(index) of \(sample)")
        }
    }
}
