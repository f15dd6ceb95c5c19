import Datasets
import Testing

@Suite struct EvaluationBatchesTests {
    private func samples(_ count: Int) -> ImageSamples {
        ImageSamples(
            shape: ImageShape(channels: 1, height: 1, width: 2),
            pixels: (0..<count).flatMap { [UInt8($0), UInt8(255 - $0)] }, labels: (0..<count).map(Int32.init))
    }

    @Test(arguments: [(10, 4), (8, 4), (3, 4), (1, 1), (7, 1), (0, 4)])
    func everySampleComesOnceInOrder(count: Int, batch: Int) {
        let batches = EvaluationBatches(samples(count), normalization: .none(channels: 1), batch: batch)
        #expect(batches.count == (count + batch - 1) / batch)
        var seen: [Int32] = []
        var inputs: [Float] = []
        for index in 0..<batches.count {
            var images = [Float](repeating: .nan, count: 2 * batches.size(of: index))
            var labels = [Int32](repeating: -1, count: batches.size(of: index))
            #expect(labels.count == min(batch, count - index * batch))
            var imageSpan = images.mutableSpan
            var labelSpan = labels.mutableSpan
            batches.fill(index, images: &imageSpan, labels: &labelSpan)
            seen += labels
            inputs += images
        }
        #expect(seen == (0..<count).map(Int32.init))
        let expected: [Float] = samples(count).pixels.map { Float($0) / 255 }
        #expect(inputs == expected)
    }
}
