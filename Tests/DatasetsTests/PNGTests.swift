import Testing

@testable import Datasets

@Suite struct PNGTests {
    private static let hasPNG = ImageCodecs.pngMissing == nil

    /// The planes of red, green and blue that libpng makes of a file.
    private func planes(_ file: [UInt8]) throws -> (width: Int, height: Int, planes: [UInt8]) {
        let picture = try Picture(file)
        let size = ImageShape(channels: 3, height: picture.height, width: picture.width)
        let whole = Window(left: 0, top: 0, width: picture.width, height: picture.height)
        return (picture.width, picture.height, try picture.cut(whole, to: size))
    }

    @Test(.enabled(if: hasPNG, "libpng is not installed"), arguments: [(1, 1, 1), (1, 28, 28), (3, 5, 7), (3, 32, 32)])
    func pixelsComeBack(channels: Int, height: Int, width: Int) throws {
        let shape = ImageShape(channels: channels, height: height, width: width)
        let pixels = (0..<shape.count).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 11) }
        let file = try #require(PNG.encoded(pixels, shape))
        let read = try planes(file)
        #expect(read.width == width && read.height == height)
        #expect(read.planes == (channels == 3 ? pixels : pixels + pixels + pixels))
    }

    @Test(.enabled(if: hasPNG, "libpng is not installed")) func aLargeImageIsMadeSmall() throws {
        let shape = ImageShape(channels: 3, height: 100, width: 200)
        let pixels = (0..<3).flatMap { channel in
            [UInt8](repeating: UInt8(50 * (channel + 1)), count: shape.planeCount)
        }
        let samples = ImageSamples(shape: shape, pixels: pixels, labels: [0])
        let read = try planes(try #require(samples.thumbnail(of: 0)))
        #expect(read.width == 96 && read.height == 48)
        // A picture of one colour stays of it.
        #expect(Set(read.planes) == [50, 100, 150] && read.planes[0] == 50 && read.planes.last == 150)
        let wide = ImageSamples(
            shape: ImageShape(channels: 1, height: 1, width: 1000), pixels: [UInt8](repeating: 9, count: 1000),
            labels: [0])
        let line = try planes(try #require(wide.thumbnail(of: 0)))
        #expect(line.width == 96 && line.height == 1)
    }

    /// Two channels are no colours: the first is shown.
    @Test(.enabled(if: hasPNG, "libpng is not installed")) func ofStrangeChannelsTheFirstIsShown() throws {
        let samples = ImageSamples(
            shape: ImageShape(channels: 2, height: 1, width: 2), pixels: [1, 2, 3, 4, 5, 6, 7, 8], labels: [0, 1])
        #expect(try planes(try #require(samples.thumbnail(of: 1))).planes == [5, 6, 5, 6, 5, 6])
    }
}
