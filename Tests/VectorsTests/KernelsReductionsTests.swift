import Randomness
import Testing
import Vectors

@Suite struct KernelsReductionsTests {
    @Test(arguments: [0, 1, 15, 16, 17, 1000])
    func reductionsAgreeWithPlainSums(length: Int) {
        var stream = RandomStream(seed: 2, purpose: .test, peer: length)
        let x = (0..<length).map { _ in Float(stream.normal()) }
        let y = (0..<length).map { _ in Float(stream.normal()) }
        var (inner, distance) = (0.0, 0.0)
        for index in x.indices {
            let (a, b) = (Double(x[index]), Double(y[index]))
            inner += a * b
            distance += (a - b) * (a - b)
        }
        #expect(abs(dot(x.span, y.span) - inner) < 1e-9)
        #expect(abs(squaredDistance(x.span, y.span) - distance) < 1e-9)
        #expect(abs(squaredNorm(x.span) - dot(x.span, x.span)) < 1e-12)
    }
}
