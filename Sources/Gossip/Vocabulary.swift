/// A peer's number: learners are 0..<peers, a server or centre comes behind them.
public struct PeerID: RawRepresentable, Hashable, Comparable, Sendable, Codable,
    ExpressibleByIntegerLiteral
{
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }
    public init(_ index: Int) { rawValue = index }
    public init(integerLiteral value: Int) { rawValue = value }

    public static func < (a: PeerID, b: PeerID) -> Bool { a.rawValue < b.rawValue }
}

extension PeerID: CustomStringConvertible {
    public var description: String { "\(rawValue)" }
}

/// A message as its sender knows it; the algorithm chooses the number, and learns by it what became of the message.
public struct MessageID: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A payload that this node has received and not yet released; the node chooses the number.
public struct PayloadID: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A timer that the algorithm set.
public struct TimerID: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A moment, in nanoseconds since the run began: virtual in the simulator, monotonic elsewhere. What would be later
/// than `distantFuture` is that, so that no sum of long times overflows.
public struct Time: Hashable, Comparable, Sendable, Codable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    public init(seconds: Double) {
        let rounded = (seconds * 1e9).rounded()
        nanoseconds = Int64(min(max(rounded, -Self.limit), Self.limit))
    }

    public static let zero = Time(nanoseconds: 0)
    /// 146 years: the sum of two such times still counts in 64 bits.
    public static let distantFuture = Time(nanoseconds: 1 << 62)
    private static let limit = 0x1p62
    public var seconds: Double { Double(nanoseconds) * 1e-9 }

    public static func < (a: Time, b: Time) -> Bool { a.nanoseconds < b.nanoseconds }
    public static func + (a: Time, seconds: Double) -> Time {
        let sum = a.nanoseconds.addingReportingOverflow(Time(seconds: seconds).nanoseconds)
        return sum.overflow ? distantFuture : min(Time(nanoseconds: sum.partialValue), distantFuture)
    }
    /// Seconds from `b` to `a`.
    public static func - (a: Time, b: Time) -> Double { Double(a.nanoseconds - b.nanoseconds) * 1e-9 }
}

/// A vector of the node, by name. All have the length of the model, but for a received part.
public enum Vector: Hashable, Sendable, Codable {
    /// The parameters that this peer trains.
    case model
    /// The gradient of the last answer; away while a gradient is being computed.
    case gradient
    /// A vector that the algorithm keeps for itself, zero at first.
    case named(UInt8)
    /// What a message brought, until released.
    case received(PayloadID)
}

/// Piece `index` of `count` equal pieces of a vector; the first pieces are one longer where the length does not divide.
public struct Part: Hashable, Sendable, Codable {
    public let index: Int
    public let count: Int

    public init(_ index: Int, of count: Int) {
        precondition(count > 0 && (0..<count).contains(index), "part \(index) of \(count)")
        self.index = index
        self.count = count
    }

    /// Where the piece lies in a vector of `length` numbers.
    public func range(in length: Int) -> Range<Int> {
        let (least, longer) = length.quotientAndRemainder(dividingBy: count)
        let start = index * least + min(index, longer)
        return start..<(start + least + (index < longer ? 1 : 0))
    }
}

/// A number times a vector, or times a part of it; or a number times how far the vector is from another one.
public struct Term: Hashable, Sendable, Codable {
    public let weight: Double
    public let vector: Vector
    public let part: Part?
    /// What is taken from the vector, number by number, before it is weighed; of the same part as the result. Two equal
    /// vectors then add nothing to the bit, where `w x - w y` or weights that add up to 1 leave a rounding behind.
    public let origin: Vector?

    public init(_ weight: Double, _ vector: Vector, part: Part? = nil, minus origin: Vector? = nil) {
        self.weight = weight
        self.vector = vector
        self.part = part
        self.origin = origin
    }
}

/// The few numbers that travel with a vector, atomically.
public struct Note: Hashable, Sendable, Codable {
    /// The sender's round or step.
    public var round: UInt64
    /// What the message means, where an algorithm sends several kinds.
    public var channel: UInt32
    /// The mass that travels with the vector (sum-weight, push-sum); 0 where there is none.
    public var weight: Double

    public init(round: UInt64 = 0, channel: UInt32 = 0, weight: Double = 0) {
        self.round = round
        self.channel = channel
        self.weight = weight
    }
}
