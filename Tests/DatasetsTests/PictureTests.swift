import Foundation
import Testing

@testable import Datasets

/// Pictures of every kind against what Pillow makes of them, see `make_pictures` in script/make-fixtures.py.
@Suite struct PictureTests {
    static let hasJPEG = ImageCodecs.jpegMissing == nil
    static let hasPNG = ImageCodecs.pngMissing == nil

    static func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    private static let size = ImageShape(channels: 3, height: 16, width: 16)

    /// The middle of a fixture, its shorter side brought to 20.
    private func middle(_ name: String) throws -> [UInt8] {
        let picture = try Picture(Self.fixture(name))
        #expect(picture.width == 40 && picture.height == 30)
        return try picture.cut(Window(middle: Self.size, shorterSide: 20, ofWidth: 40, height: 30), to: Self.size)
    }

    @Test(
        .enabled(if: hasPNG, "libpng is not installed"),
        arguments: ["colour.png", "grey.png", "palette.png", "opacity.png"])
    func pngIsPillowsToTheBit(name: String) throws {
        #expect(try middle(name) == Self.fixture("\(name).planes"))
    }

    /// Decoders of another release may round a value the other way.
    @Test(
        .enabled(if: hasJPEG, "libturbojpeg is not installed"),
        arguments: ["colour.jpg", "grey.jpg", "progressive.jpg", "inks.jpg"])
    func jpegIsPillowsToARounding(name: String) throws {
        let differences = zip(try middle(name), try Self.fixture("\(name).planes")).map { abs(Int($0) - Int($1)) }
        #expect(differences.count == Self.size.count)
        #expect(differences.max() ?? 255 <= 2)
    }

    @Test(.enabled(if: hasPNG, "libpng is not installed")) func aRectangleIsPillowsToTheBit() throws {
        let size = ImageShape(channels: 3, height: 24, width: 24)
        let part = try Picture(Self.fixture("colour.png")).cut(Window(left: 6, top: 9, width: 31, height: 17), to: size)
        #expect(try part == Self.fixture("wide.planes"))
    }

    /// Fewer pixels are decoded where many are thrown away, with the same picture to the eye.
    @Test(.enabled(if: hasJPEG && hasPNG, "libturbojpeg or libpng is not installed"), arguments: [2, 5, 9])
    func aFractionIsDecodedWhereItIsEnough(size: Int) throws {
        let shape = ImageShape(channels: 3, height: size, width: size)
        let window = Window(middle: shape, shorterSide: size, ofWidth: 40, height: 30)
        let small = try Picture(Self.fixture("colour.jpg")).cut(window, to: shape)
        let exact = try Picture(Self.fixture("colour.png")).cut(window, to: shape)
        #expect(zip(small, exact).map { abs(Int($0) - Int($1)) }.max() ?? 255 <= 16)
    }

    @Test(.enabled(if: hasJPEG && hasPNG, "libturbojpeg or libpng is not installed"))
    func whatIsDamagedIsRefused() throws {
        func problem(_ bytes: [UInt8]) -> String? {
            do throws(Picture.Problem) {
                let picture = try Picture(bytes)
                let window = Window(
                    middle: Self.size, shorterSide: 16, ofWidth: picture.width, height: picture.height)
                _ = try picture.cut(window, to: Self.size)
                return nil
            } catch {
                return error.sentence
            }
        }
        let (jpeg, png) = (try Self.fixture("colour.jpg"), try Self.fixture("colour.png"))
        #expect(problem(jpeg) == nil && problem(png) == nil)
        #expect(problem([]) == "is neither a JPEG nor a PNG file")
        #expect(problem(Array("GIF89a".utf8)) == "is neither a JPEG nor a PNG file")
        for picture in [jpeg, png] {
            for count in [20, picture.count / 2, picture.count - 20] {
                #expect(problem(Array(picture.prefix(count)))?.hasPrefix("is truncated or damaged (") == true)
            }
        }
        // A width and height of 32639 in the frame header.
        var large = jpeg
        let frame = try #require(large.indices.first { large[$0] == 0xFF && large[$0 + 1] == 0xC0 })
        for place in (frame + 5)..<(frame + 9) { large[place] = 0x7F }
        #expect(problem(large)?.hasPrefix("promises 32639 x 32639 pixels, of at most") == true)
        // The decoder of this thread is none the worse.
        #expect(problem(jpeg) == nil)
    }
}
