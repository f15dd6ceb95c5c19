import Randomness
import Testing

@testable import Datasets

@Suite struct WindowTests {
    /// torchvision: Resize(256) and CenterCrop(224) of 500 x 375 are columns 58.5 -> 58 to 282 of 341, rows 16 to 240.
    @Test func theMiddleIsWhereTorchvisionCutsIt() {
        let size = ImageShape(channels: 3, height: 224, width: 224)
        let window = Window(middle: size, shorterSide: 256, ofWidth: 500, height: 375)
        #expect(abs(window.firstColumn - 58 * 500.0 / 341) < 1e-9)
        #expect(abs(window.columns - 224 * 500.0 / 341) < 1e-9)
        #expect(abs(window.firstRow - 16 * 375.0 / 256) < 1e-9 && abs(window.rows - 224 * 375.0 / 256) < 1e-9)
        #expect(window.width == 500 && window.height == 375)
    }

    /// Area and ratio keep to their ranges, and every window lies within its picture.
    @Test func randomWindowsKeepToTheirRanges() {
        var stream = RandomStream(seed: 3, purpose: .test)
        var areas: [Double] = []
        for _ in 0..<4000 {
            let window = Window.random(ofWidth: 500, height: 375, &stream)
            #expect(window.left >= 0 && window.top >= 0)
            #expect(window.left + window.width <= 500 && window.top + window.height <= 375)
            let ratio = Double(window.width) / Double(window.height)
            #expect((0.74...1.35).contains(ratio))
            areas.append(Double(window.width * window.height) / (500 * 375))
        }
        #expect((areas.min() ?? 0) > 0.078 && (areas.min() ?? 1) < 0.09)
        // Of large areas fewer fit: the rule, drawn 200,000 times in Python, has a mean of 0.432, and 0.004 is the
        // standard error of this one.
        let mean = areas.reduce(0, +) / Double(areas.count)
        #expect((0.416...0.448).contains(mean))
        let narrow = Window.random(ofWidth: 1000, height: 20, &stream)
        #expect(narrow.height <= 20 && narrow.width <= 27)
    }

    @Test func aFractionOfAPictureHasTheSameWindow() {
        let window = Window(left: 101, top: 50, width: 203, height: 99)
        let half = window.divided(by: 2, within: (200, 100))
        #expect(half.left == 50 && half.firstColumn == 0.5 && half.columns == 101.5)
        #expect(half.left + half.width == 152 && half.top == 25 && half.top + half.height == 75)
        #expect(half.firstRow == 0 && half.rows == 49.5)
        #expect(window.divided(by: 1, within: (1, 1)) == window)
    }

    /// Resampling whole images in memory: the identity where size and window are the image's own.
    @Test func theWholeAtItsOwnSizeIsItself() throws {
        let pixels = (0..<(4 * 35)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let size = ImageShape(channels: 4, height: 5, width: 7)
        let planes = try Window(left: 0, top: 0, width: 7, height: 5).resampled(pixels, stride: 7, to: size)
        let expected: [UInt8] = (0..<(4 * 35)).map { pixels[4 * ($0 % 35) + $0 / 35] }
        #expect(planes == expected)
    }
}
