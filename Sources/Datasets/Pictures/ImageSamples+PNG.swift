extension ImageSamples {
    /// An image as a small PNG file to be looked at, neither side longer than `longest` pixels; nil where it cannot be
    /// read. Of images that are neither grey nor coloured the first channel is shown.
    package func thumbnail(of index: Int, longest: Int = 96) -> [UInt8]? {
        guard let image = planes(of: index, nil) else { return nil }
        let channels = shape.channels == 3 ? 3 : 1
        let planes = Array(image.pixels[image.start..<(image.start + channels * shape.planeCount)])
        let side = max(shape.height, shape.width)
        guard side > longest else {
            return PNG.encoded(planes, ImageShape(channels: channels, height: shape.height, width: shape.width))
        }
        func shortened(_ extent: Int) -> Int { max(1, extent * longest / side) }
        let size = ImageShape(channels: channels, height: shortened(shape.height), width: shortened(shape.width))
        var pixels = [UInt8](repeating: 0, count: 4 * shape.planeCount)
        for channel in 0..<channels {
            for place in 0..<shape.planeCount {
                pixels[4 * place + channel] = planes[channel * shape.planeCount + place]
            }
        }
        let whole = Window(left: 0, top: 0, width: shape.width, height: shape.height)
        return (try? whole.resampled(pixels, stride: shape.width, to: size)).flatMap { PNG.encoded($0, size) }
    }
}
