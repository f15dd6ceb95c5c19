/// A number times a vector, or times a part of it; or a number times how far the vector is from another one.
public struct Term: Hashable, Sendable, Codable {
    /// What the vector, or its difference from the origin, is multiplied by.
    public let weight: Double
    /// The vector as it is when the effect is carried out.
    public let vector: Vector
    /// The only piece that counts; nil for the whole vector.
    public let part: Part?
    /// What is taken from the vector, number by number, before it is weighed; of the same part as the result. Two equal
    /// vectors then add nothing to the bit, where `w x - w y` or weights that add up to 1 leave a rounding behind.
    public let origin: Vector?

    /// `weight * vector`, or `weight * (vector - origin)` where there is an origin.
    public init(_ weight: Double, _ vector: Vector, part: Part? = nil, minus origin: Vector? = nil) {
        self.weight = weight
        self.vector = vector
        self.part = part
        self.origin = origin
    }
}
