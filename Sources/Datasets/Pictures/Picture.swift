import CImages

/// A picture in the bytes of its file, JPEG or PNG, of which as much is decoded as is wanted.
struct Picture {
    /// How the bytes are to be understood, which their beginning tells.
    private enum Format { case jpeg, png }

    /// What is wrong with the bytes, as the rest of a sentence that begins with the name of their file.
    struct Problem: Error, Equatable {
        let sentence: String
    }

    let width: Int
    let height: Int
    private let bytes: [UInt8]
    private let format: Format

    /// More pixels are not decoded: 8192 x 8192.
    private static let mostPixels = 1 << 26

    /// Reads the extents. Throws for what is no picture, is damaged at its beginning, promises more pixels than its
    /// bytes can hold, or needs a library that is not there.
    init(_ bytes: [UInt8]) throws(Problem) {
        let isJPEG = bytes.starts(with: [0xFF, 0xD8, 0xFF])
        guard isJPEG || bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
            throw Problem(sentence: "is neither a JPEG nor a PNG file")
        }
        format = isJPEG ? .jpeg : .png
        if let missing = isJPEG ? ImageCodecs.jpegMissing : ImageCodecs.pngMissing {
            throw Problem(sentence: "cannot be read, since \(missing)")
        }
        let size = isJPEG ? cimages_jpeg_size : cimages_png_size
        var (width, height) = (Int32(0), Int32(0))
        try Self.checked { size(bytes, bytes.count, &width, &height, &$0) }
        (self.width, self.height) = (Int(width), Int(height))
        self.bytes = bytes
        // A block of 8 x 8 pixels of JPEG takes a bit at least; PNG has a bit a pixel, packed 1032 to 1 at most.
        let most = min(Self.mostPixels, bytes.count * (isJPEG ? 512 : 8 * 1032))
        guard self.width > 0, self.height > 0, self.width <= most / self.height else {
            throw Problem(
                sentence: "promises \(width) x \(height) pixels, of at most \(most) in a file of \(bytes.count) bytes")
        }
    }

    /// The window at `size`, as planes of red, green and blue. Throws for what is damaged.
    ///
    /// A JPEG file is decoded at the least scale that still has as many pixels as are wanted.
    func cut(_ window: Window, to size: ImageShape) throws(Problem) -> [UInt8] {
        var divisor = 1
        while format == .jpeg, divisor < 8, window.columns >= Double(2 * divisor * size.width),
            window.rows >= Double(2 * divisor * size.height)
        {
            divisor *= 2
        }
        let columns = (width + divisor - 1) / divisor
        let rows = (height + divisor - 1) / divisor
        let pixels = try decoded(divisor: divisor, count: 4 * columns * rows)
        return try window.divided(by: divisor, within: (columns, rows)).resampled(pixels, stride: columns, to: size)
    }

    private func decoded(divisor: Int, count: Int) throws(Problem) -> [UInt8] {
        var problem: Problem?
        // Either library writes all pixels, or what it leaves is not handed on.
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(Problem) {
                try Self.checked {
                    format == .jpeg
                        ? cimages_jpeg_decode(
                            bytes, bytes.count, Int32(width), Int32(height), Int32(divisor), buffer.baseAddress, &$0)
                        : cimages_png_decode(
                            bytes, bytes.count, Int32(width), Int32(height), buffer.baseAddress, &$0)
                }
                filled = count
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        return pixels
    }

    private static func checked(_ call: (inout [CChar]) -> Bool) throws(Problem) {
        var text = [CChar](repeating: 0, count: Int(cimages_problem_bytes))
        guard !call(&text) else { return }
        let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw Problem(sentence: "is truncated or damaged (\(words))")
    }
}
