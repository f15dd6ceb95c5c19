import Compression
import Vectors

/// What a link has compressed as a payload: words of 32 bits in the place of numbers, so that it goes wherever numbers
/// do, weighs what it weighs, and is saved as they are.
///
/// | word | field |
/// |---|---|
/// | 0 | low byte: 0 a whole vector, 1 a compressed one, 2 a compressed difference; second: the compressor's code |
/// | 1 | of a compressed one: how many numbers it is of |
/// | 2 | of a compressed one: how many bytes follow |
/// | then | the bytes, little-endian, filled up with zeros; of a whole vector, from word 1 on, its numbers |
///
/// A difference is what a vector has more than the replica that both ends have of it.
public enum Packing {
    /// What the words of a packed payload are.
    enum Form: UInt8 {
        case whole = 0
        case alone = 1
        case difference = 2
    }

    enum Content {
        case vector(Payload)
        case compressed(CompressedVector)
    }

    private static let headerWordCount = 3

    /// The most words that come of a vector of so many numbers.
    public static func mostWords(for count: Int) -> Int { headerWordCount + 4 + 4 * count }

    static func whole(_ vector: Payload, _ pool: PayloadPool) -> Payload {
        pool.payload(count: vector.count + 1, isPacked: true) { words in
            words[0] = Float(bitPattern: UInt32(Form.whole.rawValue))
            vector.read { numbers in
                for index in numbers.indices { words[index + 1] = numbers[index] }
            }
        }
    }

    static func packed(_ compressed: CompressedVector, form: Form, _ pool: PayloadPool) -> Payload {
        let bytes = compressed.bytes.span
        let whole = bytes.count / 4
        return pool.payload(count: headerWordCount + (bytes.count + 3) / 4, isPacked: true) { words in
            words[0] = Float(bitPattern: UInt32(form.rawValue) | UInt32(compressed.code) << 8)
            words[1] = Float(bitPattern: UInt32(compressed.count))
            words[2] = Float(bitPattern: UInt32(bytes.count))
            for index in 0..<whole {
                let place = 4 * index
                let low = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
                let high = UInt32(bytes[place + 2]) | UInt32(bytes[place + 3]) << 8
                words[headerWordCount + index] = Float(bitPattern: low | high << 16)
            }
            guard 4 * whole < bytes.count else { return }
            var last: UInt32 = 0
            for place in 4 * whole..<bytes.count { last |= UInt32(bytes[place]) << UInt32(8 * (place - 4 * whole)) }
            words[headerWordCount + whole] = Float(bitPattern: last)
        }
    }

    /// What the words say; nil where they say nothing.
    static func content(of packed: Payload, _ pool: PayloadPool) -> (Form, Content)? {
        packed.read { words -> (Form, Content)? in
            guard words.count > 0 else { return nil }
            let opening = words[0].bitPattern
            guard let form = Form(rawValue: UInt8(truncatingIfNeeded: opening)) else { return nil }
            if form == .whole {
                let vector = pool.payload(count: words.count - 1) { numbers in
                    for index in numbers.indices { numbers[index] = words[index + 1] }
                }
                return (form, .vector(vector))
            }
            guard words.count >= headerWordCount, opening < 1 << 16 else { return nil }
            let byteCount = Int(words[2].bitPattern)
            guard (byteCount + 3) / 4 == words.count - headerWordCount else { return nil }
            var bytes = [UInt8](repeating: 0, count: byteCount)
            for place in bytes.indices {
                let word = words[headerWordCount + place / 4].bitPattern
                bytes[place] = UInt8(truncatingIfNeeded: word >> UInt32(8 * (place % 4)))
            }
            let compressed = CompressedVector(
                code: UInt8(opening >> 8), count: Int(words[1].bitPattern), bytes: bytes)
            return (form, .compressed(compressed))
        }
    }
}

extension Packing {
    /// The vector that a compressed one stands for, or the base and what it has more; nil where it is none of the
    /// link's.
    static func unpacked(
        _ compressed: CompressedVector, onto base: Payload?, _ settings: LinkSettings, _ pool: PayloadPool
    ) -> Payload? {
        let count = settings.layout.count
        guard base.map({ $0.count == count }) ?? true else { return nil }
        var isRead = false
        let vector = pool.payload(count: count) { numbers in
            isRead = read(compressed, settings, into: &numbers)
            guard isRead, let base else { return }
            base.read { base in
                for index in base.indices { numbers[index] = base[index] + numbers[index] }
            }
        }
        return isRead ? vector : nil
    }

    private static func read(
        _ compressed: CompressedVector, _ settings: LinkSettings, into numbers: inout MutableSpan<Float>
    ) -> Bool {
        (try? settings.compressor.decompress(compressed, layout: settings.layout, into: &numbers)) != nil
    }
}
