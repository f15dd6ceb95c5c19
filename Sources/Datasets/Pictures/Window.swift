import CImages
import Randomness

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The part of a picture that is cut out and brought to another size.
struct Window: Equatable {
    /// What may be looked at, in whole pixels of the picture.
    var left: Int
    var top: Int
    var width: Int
    var height: Int
    /// What becomes the result, in pixels from the left upper corner of that.
    var firstColumn: Double
    var firstRow: Double
    var columns: Double
    var rows: Double

    /// A rectangle of whole pixels, nothing outside of which is looked at.
    init(left: Int, top: Int, width: Int, height: Int) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
        (firstColumn, firstRow, columns, rows) = (0, 0, Double(width), Double(height))
    }

    /// The middle of a picture whose shorter side were brought to `shorter` pixels: `size` of them.
    init(middle size: ImageShape, shorterSide shorter: Int, ofWidth width: Int, height: Int) {
        self.init(left: 0, top: 0, width: width, height: height)
        let long = Int(Double(shorter) * Double(max(width, height)) / Double(min(width, height)))
        let (newWidth, newHeight) = width <= height ? (shorter, long) : (long, shorter)
        let (columnScale, rowScale) = (Double(width) / Double(newWidth), Double(height) / Double(newHeight))
        // Half a pixel goes to the even neighbour, as in Python.
        let column = (Double(newWidth - size.width) / 2).rounded(.toNearestOrEven)
        let row = (Double(newHeight - size.height) / 2).rounded(.toNearestOrEven)
        (firstColumn, columns) = (column * columnScale, Double(size.width) * columnScale)
        (firstRow, rows) = (row * rowScale, Double(size.height) * rowScale)
    }

    /// A rectangle of 8 % to 100 % of the picture's area and a width of 3/4 to 4/3 of its height (logarithm evenly
    /// distributed), anywhere; its middle, where ten draws fit nowhere (Szegedy et al., Going deeper with convolutions,
    /// CVPR 2015; as torchvision's `RandomResizedCrop`).
    static func random(ofWidth width: Int, height: Int, _ stream: inout RandomStream) -> Window {
        let (narrow, wide) = (3.0 / 4, 4.0 / 3)
        for _ in 0..<10 {
            let area = Double(width * height) * stream.uniform(from: 0.08, to: 1)
            let ratio = exp(stream.uniform(from: log(narrow), to: log(wide)))
            let columns = Int((area * ratio).squareRoot().rounded(.toNearestOrEven))
            let rows = Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
            guard columns > 0, columns <= width, rows > 0, rows <= height else { continue }
            let top = stream.integer(below: height - rows + 1)
            return Window(left: stream.integer(below: width - columns + 1), top: top, width: columns, height: rows)
        }
        let ratio = Double(width) / Double(height)
        let columns = ratio > wide ? Int((Double(height) * wide).rounded(.toNearestOrEven)) : width
        let rows = ratio < narrow ? Int((Double(width) / narrow).rounded(.toNearestOrEven)) : height
        return Window(left: (width - columns) / 2, top: (height - rows) / 2, width: columns, height: rows)
    }

    /// The same part of a picture that was decoded at a fraction of its size.
    func divided(by divisor: Int, within size: (width: Int, height: Int)) -> Window {
        guard divisor > 1 else { return self }
        let scale = 1 / Double(divisor)
        let (left, top) = (self.left / divisor, self.top / divisor)
        var window = Window(
            left: left, top: top,
            width: min((self.left + width + divisor - 1) / divisor, size.width) - left,
            height: min((self.top + height + divisor - 1) / divisor, size.height) - top)
        window.firstColumn = (Double(self.left) + firstColumn) * scale - Double(left)
        window.firstRow = (Double(self.top) + firstRow) * scale - Double(top)
        (window.columns, window.rows) = (columns * scale, rows * scale)
        return window
    }

    /// The window of pixels of four bytes each, at `size`, as planes of the first channels.
    func resampled(_ pixels: [UInt8], stride: Int, to size: ImageShape) throws(Picture.Problem) -> [UInt8] {
        let window = cimages_window(
            stride: Int32(stride), left: Int32(left), top: Int32(top), width: Int32(width), height: Int32(height),
            first_column: firstColumn, first_row: firstRow, columns: columns, rows: rows)
        var isDone = false
        // All planes are written, or none are handed on.
        let planes = [UInt8](unsafeUninitializedCapacity: size.count) { buffer, filled in
            isDone = cimages_resample(
                pixels, window, Int32(size.width), Int32(size.height), Int32(size.channels), buffer.baseAddress)
            filled = isDone ? size.count : 0
        }
        guard isDone else { throw Picture.Problem(sentence: "cannot be resized: there is no memory left") }
        return planes
    }
}
