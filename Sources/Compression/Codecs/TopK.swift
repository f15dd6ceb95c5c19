internal import Configuration
internal import Randomness

/// The numbers of largest magnitude, a part of each tensor and one at least: exactly so many, of equal ones the first.
/// NaN counts as the largest. For each the distance to the place before is written, in seven bits a byte, and then the
/// numbers. Of the square the part k / d is kept at least.
struct TopK: Codec {
    static func ratio(_ meaning: String) -> Option<Double> {
        Option.number("ratio", default: 0.01, in: 1e-9...1, meaning)
    }
    private static let ratio = ratio("Part of each tensor's numbers that are sent, the largest ones; at least one is")
    static let description = Description(
        name: "topk", summary: "the largest numbers of every tensor, with their places",
        options: [ratio.description])
    static let code: UInt8 = 1
    var consensusRate: Double { min(0.5, 4 * ratio) }

    private let ratio: Double

    init(_ options: Options) throws(ConfigurationError) {
        ratio = try options.value(Self.ratio)
    }

    /// How many of so many numbers are sent.
    static func wanted(_ ratio: Double, of count: Int) -> Int {
        min(max(1, Int((ratio * Double(count)).rounded())), count)
    }

    func encode(
        _ values: Span<Float>, layout: CompressionLayout, stream: inout RandomStream, memory: inout CompressionMemory
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(layout.blocks.reduce(0) { $0 + 6 * Self.wanted(ratio, of: $1.count) })
        for block in layout.blocks {
            let numbers = values.extracting(block.range)
            let places = Kernels.top(Self.wanted(ratio, of: block.count), of: numbers)
            var next: UInt32 = 0
            for place in places {
                var distance = place - next
                while distance >= 0x80 {
                    bytes.append(UInt8(truncatingIfNeeded: distance) | 0x80)
                    distance >>= 7
                }
                bytes.append(UInt8(truncatingIfNeeded: distance))
                next = place + 1
            }
            for place in places {
                let pattern = numbers[Int(place)].bitPattern
                for shift in stride(from: UInt32(0), to: 32, by: 8) {
                    bytes.append(UInt8(truncatingIfNeeded: pattern >> shift))
                }
            }
        }
        return bytes
    }

    func decode(_ bytes: [UInt8], layout: CompressionLayout, into values: inout MutableSpan<Float>) -> Bool {
        values.clear()
        var offset = 0
        var places: [Int] = []
        for block in layout.blocks {
            let wanted = Self.wanted(ratio, of: block.count)
            places.removeAll(keepingCapacity: true)
            var next = 0
            while places.count < wanted {
                guard let distance = Self.distance(bytes, &offset), distance < block.count - next else { return false }
                places.append(block.offset + next + distance)
                next += distance + 1
            }
            guard bytes.count - offset >= 4 * wanted else { return false }
            for place in places {
                values[place] = bytes.float(at: offset)
                offset += 4
            }
        }
        return offset == bytes.count
    }

    /// The number of at most five bytes that begins there; nil where none does.
    private static func distance(_ bytes: [UInt8], _ offset: inout Int) -> Int? {
        var distance = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            guard offset < bytes.count else { return nil }
            let byte = bytes[offset]
            offset += 1
            distance |= Int(byte & 0x7f) << shift
            if byte < 0x80 { return distance }
        }
        return nil
    }

    func keptPart(of values: Span<Float>, _ block: CompressionLayout.Block) -> Double? {
        Double(Self.wanted(ratio, of: block.count)) / Double(block.count)
    }
}
