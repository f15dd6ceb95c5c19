/// What is said of a peer: good observations, and all of them. Shares of it travel, as the numerator and the weight of
/// push-sum do.
struct Opinion: Sendable, Hashable, Codable {
    private(set) var good = 0.0
    private(set) var count = 0.0

    init() {}

    init(good: Double, count: Double) {
        self.good = good
        self.count = count
    }

    /// The share of good ones; of none the one of a stranger.
    var value: Double { count > 0 ? good / count : 0.5 }

    mutating func add(_ other: Opinion, weight: Double = 1) {
        good += weight * other.good
        count += weight * other.count
    }

    /// Takes away what was given to another, of which there cannot be more than there was.
    mutating func remove(_ share: Opinion) {
        good = max(0, good - share.good)
        count = max(good, count - share.count)
    }

    mutating func fade(_ factor: Double) {
        good *= factor
        count *= factor
    }

    /// This part of it, as it can be told.
    func share(_ part: Double) -> Opinion { Opinion(bits: Opinion(good: part * good, count: part * count).bits) }

    // MARK: In a message

    static let bitCount = 15
    static let mask: UInt64 = 1 << 15 - 1
    /// The most that can be told.
    static let greatestCount = 255.0 / 8

    /// The count in eighths in eight bits, then the share of good ones in 127ths in seven.
    var bits: UInt64 {
        let eighths = UInt64(min(255, (8 * count).rounded(.down)))
        return eighths << 7 | (eighths == 0 ? 0 : UInt64((127 * value).rounded()))
    }

    init(bits: UInt64) {
        count = Double(bits >> 7 & 0xff) / 8
        good = count * Double(bits & 0x7f) / 127
    }
}
