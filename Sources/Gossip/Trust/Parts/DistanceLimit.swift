/// How far a neighbour's model may be to count wholly, in the few bits in which both ends of an edge know it: those of
/// a float32 with seven bits of fraction. Zero where a peer knows no limit yet.
struct DistanceLimit: Sendable, Hashable, Codable {
    static let bitCount = 15

    private(set) var bits: UInt64

    init(bits: UInt64) { self.bits = bits & 0x7fff }

    init(from decoder: any Decoder) throws {
        self.init(bits: try decoder.singleValueContainer().decode(UInt64.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bits)
    }

    init(_ distance: Double?) {
        guard let distance, distance.isFinite, distance > 0 else {
            bits = 0
            return
        }
        bits = UInt64(Float(min(distance, 1e38)).bitPattern >> 16)
    }

    var distance: Double? { bits == 0 ? nil : Double(Float(bitPattern: UInt32(bits) << 16)) }

    /// The share of a difference of that length that both ends of an edge take: the whole of a short one, of a longer
    /// one less the further it goes beyond the smaller limit, and none of it as long as one of them knows no limit.
    static func share(of distance: Double, _ one: DistanceLimit, _ other: DistanceLimit) -> Double {
        guard let one = one.distance, let other = other.distance, distance.isFinite else { return 0 }
        let limit = min(one, other)
        // A model that is ten times too far away pulls a tenth as much as one at the limit. Were it pulled at as much,
        // peers that stay behind could hold all others where they are, and near.
        return distance <= limit ? 1 : (limit / distance) * (limit / distance)
    }

    /// The lower median of the distances that are not zero; nil where all are, or there are none.
    static func median(_ distances: [Double]) -> Double? {
        let sorted = distances.filter { $0 > 0 && $0.isFinite }.sorted()
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }
}
