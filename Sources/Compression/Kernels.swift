internal import CKernels
internal import Vectors

/// The loops over numbers and bytes. They are C, lent plain pointers here and nowhere else: every function checks that
/// what it reads and writes lies within what it was lent.
enum Kernels {
    /// From this many numbers on nothing of a vector would be left in the caches.
    private static let cachedCount = 1 << 20

    /// Bytes that are all going to be written.
    static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
    }

    typealias Output = UnsafeMutablePointer<UInt8>
    typealias Input = UnsafePointer<UInt8>
    typealias Values = UnsafePointer<Float>

    /// Lends numbers and the bytes that they become, `count` of them from `offset` on.
    private static func encode<Result>(
        _ values: Span<Float>, into bytes: inout [UInt8], at offset: Int, count: Int,
        _ body: (Int64, Values, Output) -> Result
    ) -> Result? {
        precondition(offset >= 0 && offset + count <= bytes.count, "\(count) bytes at \(offset) of \(bytes.count)")
        return values.withUnsafeBufferPointer { numbers in
            bytes.withUnsafeMutableBufferPointer { bytes in
                guard let first = numbers.baseAddress, let output = bytes.baseAddress else { return nil }
                return body(Int64(numbers.count), first, output + offset)
            }
        }
    }

    /// Lends bytes, `count` of them from `offset` on, and the numbers that they become, at `range`.
    private static func decode(
        _ bytes: [UInt8], at offset: Int, count: Int, into values: inout MutableSpan<Float>, _ range: Range<Int>,
        _ body: (Int64, Input, UnsafeMutablePointer<Float>) -> Void
    ) {
        precondition(offset >= 0 && offset + count <= bytes.count, "\(count) bytes at \(offset) of \(bytes.count)")
        precondition(range.lowerBound >= 0 && range.upperBound <= values.count, "\(range) of \(values.count) numbers")
        bytes.withUnsafeBufferPointer { bytes in
            values.withUnsafeMutableBufferPointer { numbers in
                guard let input = bytes.baseAddress, let first = numbers.baseAddress else { return }
                body(Int64(range.count), input + offset, first + range.lowerBound)
            }
        }
    }

    /// Bytes of the signs of so many numbers.
    static func signByteCount(_ count: Int) -> Int { (count + 7) / 8 }

    /// Writes the signs and returns the mean magnitude.
    static func encodeSigns(_ values: Span<Float>, into bytes: inout [UInt8], at offset: Int) -> Float {
        encode(values, into: &bytes, at: offset, count: signByteCount(values.count), kernel_sign_encode) ?? 0
    }

    static func decodeSigns(
        _ bytes: [UInt8], at offset: Int, norm: Float, into values: inout MutableSpan<Float>, _ range: Range<Int>
    ) {
        let past = values.count >= cachedCount
        decode(bytes, at: offset, count: signByteCount(range.count), into: &values, range) { count, input, output in
            kernel_sign_decode(count, input, norm, output, past)
        }
    }

    /// Writes a byte for each number and returns the scale.
    static func encodeInt8(_ values: Span<Float>, into bytes: inout [UInt8], at offset: Int) -> Float {
        encode(values, into: &bytes, at: offset, count: values.count, kernel_int8_encode) ?? 0
    }

    static func decodeInt8(
        _ bytes: [UInt8], at offset: Int, scale: Float, into values: inout MutableSpan<Float>, _ range: Range<Int>
    ) {
        let past = values.count >= cachedCount
        decode(bytes, at: offset, count: range.count, into: &values, range) { count, input, output in
            kernel_int8_decode(count, input, scale, output, past)
        }
    }

    /// The ways to write a number as one of two bytes.
    enum Halves { case brain, half }

    static func encodeHalves(_ kind: Halves, _ values: Span<Float>) -> [UInt8] {
        var bytes = bytes(2 * values.count)
        let kernel = kind == .brain ? kernel_bf16_encode : kernel_fp16_encode
        _ = encode(values, into: &bytes, at: 0, count: bytes.count, kernel)
        return bytes
    }

    static func decodeHalves(
        _ kind: Halves, _ bytes: [UInt8], at offset: Int, into values: inout MutableSpan<Float>, _ range: Range<Int>
    ) {
        let kernel = kind == .brain ? kernel_bf16_decode : kernel_fp16_decode
        decode(bytes, at: offset, count: 2 * range.count, into: &values, range, kernel)
    }

    static func encodeFloats(_ values: Span<Float>, into bytes: inout [UInt8], at offset: Int) {
        _ = encode(values, into: &bytes, at: offset, count: 4 * values.count) { count, numbers, output in
            UnsafeMutableRawPointer(output).copyMemory(from: numbers, byteCount: 4 * Int(count))
        }
    }

    static func decodeFloats(
        _ bytes: [UInt8], at offset: Int, into values: inout MutableSpan<Float>, _ range: Range<Int>
    ) {
        decode(bytes, at: offset, count: 4 * range.count, into: &values, range) { count, input, output in
            UnsafeMutableRawPointer(output).copyMemory(from: input, byteCount: 4 * Int(count))
        }
    }

    /// Bytes of the codes of so many numbers, each of `width` bits.
    static func levelByteCount(_ count: Int, width: Int) -> Int { (count + 7) / 8 * width }

    /// Writes the codes and returns the norm. What chance decides is drawn from the seed and the number's place.
    static func encodeLevels(
        _ values: Span<Float>, width: Int, seed: UInt64, place: Int, into bytes: inout [UInt8], at offset: Int
    ) -> Float {
        let count = levelByteCount(values.count, width: width)
        return encode(values, into: &bytes, at: offset, count: count) { count, numbers, output in
            kernel_qsgd_encode(count, numbers, Int32(width), seed, Int64(place), output)
        } ?? 0
    }

    static func decodeLevels(
        _ bytes: [UInt8], at offset: Int, width: Int, unit: Float, into values: inout MutableSpan<Float>,
        _ range: Range<Int>
    ) {
        let count = levelByteCount(range.count, width: width)
        decode(bytes, at: offset, count: count, into: &values, range) { count, input, output in
            kernel_qsgd_decode(count, input, Int32(width), unit, output)
        }
    }

    /// The places of the `wanted` largest numbers in ascending order; of equal ones the first are taken.
    static func top(_ wanted: Int, of values: Span<Float>) -> [UInt32] {
        precondition(1...values.count ~= wanted, "\(wanted) of \(values.count) numbers")
        let room = Int(kernel_top_room(Int64(wanted)))
        return values.withUnsafeBufferPointer { numbers in
            [UInt32](unsafeUninitializedCapacity: room) { places, initialized in
                guard let first = numbers.baseAddress, let output = places.baseAddress else { return }
                withUnsafeTemporaryAllocation(of: Float.self, capacity: room) { scratch in
                    guard let scratch = scratch.baseAddress else { return }
                    kernel_top(Int64(numbers.count), first, Int64(wanted), output, scratch)
                }
                initialized = wanted
            }
        }
    }
}
