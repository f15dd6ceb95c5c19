/// Images ready to be written as inputs, batch by batch, into the memory of whoever computes. Copies share everything.
public struct NormalizedSamples: Sendable {
    let samples: ImageSamples
    private let table: [Float]

    /// The normalization must have a mean and a deviation for each channel of the images.
    public init(_ samples: ImageSamples, _ normalization: Normalization) {
        precondition(
            normalization.mean.count == samples.shape.channels,
            "normalization of \(normalization.mean.count) channels for images of \(samples.shape)")
        self.samples = samples
        table = normalization.table
    }

    /// Writes the images at `indices` as N, C, H, W and their labels; the spans have room for exactly these.
    ///
    /// There is a variation for each image, or none at all.
    func fill(
        _ indices: ArraySlice<Int>, variations: ArraySlice<Variation> = [], images: inout MutableSpan<Float>,
        labels: inout MutableSpan<Int32>
    ) {
        let shape = samples.shape
        precondition(
            labels.count == indices.count && images.count == indices.count * shape.count,
            "a batch of \(indices.count) images of \(shape) for \(images.count) inputs and \(labels.count) labels")
        precondition(
            variations.isEmpty || variations.count == indices.count,
            "\(variations.count) variations of \(indices.count) images")
        for (place, index) in indices.enumerated() {
            labels[place] = samples.labels[index]
            let start = samples.start(of: index)
            for channel in 0..<shape.channels {
                let plane = shape.planeCount
                let (from, pixels) = (place * shape.count + channel * plane, start + channel * plane)
                if variations.isEmpty {
                    fill(images: &images, from: from, pixels: pixels, count: plane, table: channel * 256)
                } else {
                    let variation = variations[variations.startIndex + place]
                    fill(images: &images, from: from, pixels: pixels, variation, table: channel * 256)
                }
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

    /// Writes one plane of a varied image; what lies outside of the original is black.
    private func fill(
        images: inout MutableSpan<Float>, from: Int, pixels: Int, _ variation: Variation, table: Int
    ) {
        let (height, width) = (samples.shape.height, samples.shape.width)
        let (down, right) = (Int(variation.down), Int(variation.right))
        let source = samples.pixels.span.extracting(pixels..<(pixels + height * width))
        let values = self.table.span.extracting(table..<(table + 256))
        for row in 0..<height {
            let line = row + down
            for column in 0..<width {
                let place = (variation.isMirrored ? width - 1 - column : column) + right
                let isInside = line >= 0 && line < height && place >= 0 && place < width
                images[from + row * width + column] = values[isInside ? Int(source[line * width + place]) : 0]
            }
        }
    }
}
