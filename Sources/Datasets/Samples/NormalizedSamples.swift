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

    /// Writes the images at `indices` as N, C, H, W and their labels; the spans have room for exactly these, or for
    /// nothing where one of the two is not wanted.
    ///
    /// There is a variation for each image, or none at all. Planes that were made ahead are taken as they are. An image
    /// that cannot be read becomes NaN, and the samples keep the reason.
    func fill(
        _ indices: ArraySlice<Int>, variations: ArraySlice<Variation> = [], planes: [ImageSamples.Planes?]? = nil,
        images: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
    ) {
        let shape = samples.shape
        precondition(
            (labels.isEmpty || labels.count == indices.count)
                && (images.isEmpty || images.count == indices.count * shape.count),
            "a batch of \(indices.count) images of \(shape) for \(images.count) inputs and \(labels.count) labels")
        precondition(
            variations.isEmpty || variations.count == indices.count,
            "\(variations.count) variations of \(indices.count) images")
        for (place, index) in indices.enumerated() {
            if !labels.isEmpty { labels[place] = samples.labels[index] }
            guard !images.isEmpty else { continue }
            let variation = variations.isEmpty ? nil : variations[variations.startIndex + place]
            let first = place * shape.count
            guard let planes = planes.map({ $0[place] }) ?? samples.planes(of: index, variation) else {
                for number in first..<(first + shape.count) { images[number] = .nan }
                continue
            }
            for channel in 0..<shape.channels {
                let (from, pixels) = (first + channel * shape.planeCount, planes.start + channel * shape.planeCount)
                let source = planes.pixels.span.extracting(pixels..<(pixels + shape.planeCount))
                let values = table.span.extracting((channel * 256)..<(channel * 256 + 256))
                if let variation {
                    Self.fill(images: &images, from: from, source, variation, values, shape)
                } else {
                    Self.fill(images: &images, from: from, source, values)
                }
            }
        }
    }

    /// Writes one plane as it is.
    private static func fill(
        images: inout MutableSpan<Float>, from: Int, _ source: Span<UInt8>, _ values: Span<Float>
    ) {
        precondition(
            from >= 0 && from + source.count <= images.count && values.count == 256,
            "\(source.count) pixels from \(from) on in \(images.count)")
        // Looked at once for all pixels: asked for each of them, it takes longer than the pixel.
        for place in 0..<source.count {
            images[unchecked: from + place] = values[unchecked: Int(source[unchecked: place])]
        }
    }

    /// Writes one plane of a varied image; what lies outside of the original is black, what is blotted out 0.
    private static func fill(
        images: inout MutableSpan<Float>, from: Int, _ source: Span<UInt8>, _ variation: Variation,
        _ values: Span<Float>, _ shape: ImageShape
    ) {
        let (height, width) = (shape.height, shape.width)
        let (down, right) = (Int(variation.down), Int(variation.right))
        let black = values[0]
        // The columns that lie within the original, of which there may be none.
        let first = variation.isMirrored ? right : -right
        let inside = min(width, max(0, first))..<min(width, max(0, first + width))
        for row in 0..<height {
            let start = from + row * width
            guard (0..<height).contains(row + down) else {
                for column in 0..<width { images[start + column] = black }
                continue
            }
            for column in 0..<inside.lowerBound { images[start + column] = black }
            let line = source.extracting(((row + down) * width)..<((row + down + 1) * width))
            if variation.isMirrored {
                for column in inside { images[start + column] = values[Int(line[width - 1 - column + right])] }
            } else {
                for column in inside { images[start + column] = values[Int(line[column + right])] }
            }
            for column in inside.upperBound..<width { images[start + column] = black }
        }
        guard let hole = variation.hole else { return }
        let half = min(height, width) / 4
        for row in max(0, Int(hole.row) - half)..<max(0, min(height, Int(hole.row) + half)) {
            for column in max(0, Int(hole.column) - half)..<max(0, min(width, Int(hole.column) + half)) {
                images[from + row * width + column] = 0
            }
        }
    }
}
