/// How far a vector is from another one.
public struct Measurement: Hashable, Sendable, Codable {
    /// The Euclidean norm of the difference; infinite where the vectors have different lengths or a number is not
    /// finite.
    public let distance: Double

    /// Whether all numbers are finite, and as many as there should be.
    public var isFinite: Bool { distance.isFinite }

    /// A distance that is no number is an infinite one.
    public init(distance: Double) { self.distance = distance.isNaN ? .infinity : distance }
}
