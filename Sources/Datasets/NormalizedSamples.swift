/// Images ready to be written as inputs, batch by batch, into the memory of whoever computes.
struct NormalizedSamples: Sendable {
    let samples: ImageSamples
    private let table: [Float]

    init(_ samples: ImageSamples, _ normalization: Normalization) {
        precondition(
            normalization.mean.count == samples.shape.channels,
            "normalization of \(normalization.mean.count) channels for images of \(samples.shape)")
        self.samples = samples
        table = normalization.table
    }

    /// Writes the images at `indices` as N, C, H, W and their labels; the spans have room for exactly these.
    func fill(_ indices: ArraySlice<Int>, images: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>) {
        let shape = samples.shape
        precondition(
            labels.count == indices.count && images.count == indices.count * shape.count,
            "a batch of \(indices.count) images of \(shape) for \(images.count) inputs and \(labels.count) labels")
        for (place, index) in indices.enumerated() {
            labels[place] = samples.labels[index]
            for channel in 0..<shape.channels {
                let plane = shape.planeCount
                fill(
                    images: &images, from: place * shape.count + channel * plane,
                    pixels: index * shape.count + channel * plane, count: plane, table: channel * 256)
            }
        }
    }

    private func fill(images: inout MutableSpan<Float>, from: Int, pixels: Int, count: Int, table: Int) {
        let source = samples.pixels.span.extracting(pixels..<(pixels + count))
        let values = self.table.span.extracting(table..<(table + 256))
        for index in 0..<count {
            images[from + index] = values[Int(source[index])]
        }
    }
}
