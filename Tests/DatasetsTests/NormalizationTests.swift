import Testing

@testable import Datasets

@Suite struct NormalizationTests {
    /// What torchvision's ToTensor and Normalize (PyTorch 2.13) make of the pixels 0, 1, 127, 200 and 255.
    @Test func inputsAreTorchvisionsToTheBit() {
        let table = Normalization(mean: [0.2860, 0.1307], deviation: [0.3530, 0.3081]).table
        #expect(table.count == 512)
        let first: [Float] = [
            -0.8101983666419983, -0.7990891337394714, 0.6006776690483093, 1.4116536378860474, 2.022662878036499,
        ]
        let second: [Float] = [
            -0.4242129623889923, -0.4114847183227539, 1.192272663116455, 2.121433973312378, 2.821486711502075,
        ]
        for (number, pixel) in [0, 1, 127, 200, 255].enumerated() {
            #expect(table[pixel] == first[number] && table[256 + pixel] == second[number])
        }
    }

    @Test func noNormalizationScalesToOne() {
        let once = (0...255).map { Float($0) / 255 }
        #expect(Normalization.none(channels: 2).table == once + once)
    }
}
