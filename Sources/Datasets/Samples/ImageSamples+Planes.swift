extension ImageSamples {
    /// The planes of one image, within memory that it may share with others.
    struct Planes: Sendable {
        let pixels: [UInt8]
        /// Where the first plane begins.
        let start: Int
    }

    /// The planes of an image, of the part of it that the variation takes; nil where it cannot be read, the reason of
    /// which is kept.
    func planes(of index: Int, _ variation: Variation?) -> Planes? {
        guard let source else { return part(of: Planes(pixels: pixels, start: start(of: index)), variation) }
        let record = records?[index] ?? index
        do throws(DataError) {
            // Of a photo the part is taken before it is brought to the size.
            if let photos = source as? Photos {
                return Planes(pixels: try photos.planes(of: record, variation), start: 0)
            }
            return part(of: Planes(pixels: try source.pixels(of: [record..<(record + 1)]), start: 0), variation)
        } catch {
            failures.note(error)
            return nil
        }
    }

    /// The part of an image of the right size that a variation takes, brought to that size again.
    private func part(of image: Planes, _ variation: Variation?) -> Planes? {
        guard var stream = variation?.windowStream else { return image }
        return part(of: image, .random(ofWidth: shape.width, height: shape.height, &stream))
    }

    /// The window of an image, at its size. Up to four planes at a time are what pictures are: pixels of four
    /// bytes.
    private func part(of held: Planes, _ window: Window) -> Planes? {
        var planes: [UInt8] = []
        for first in stride(from: 0, to: shape.channels, by: 4) {
            let channels = min(4, shape.channels - first)
            var pixels = [UInt8](repeating: 0, count: 4 * shape.planeCount)
            for channel in 0..<channels {
                let start = held.start + (first + channel) * shape.planeCount
                for place in 0..<shape.planeCount { pixels[4 * place + channel] = held.pixels[start + place] }
            }
            let size = ImageShape(channels: channels, height: shape.height, width: shape.width)
            guard let part = try? window.resampled(pixels, stride: shape.width, to: size) else { return nil }
            planes += part
        }
        return Planes(pixels: planes, start: 0)
    }
}
