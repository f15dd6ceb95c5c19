import Configuration

/// Which tensor lies where in a flat vector: names and shapes in order, with no gap between them.
///
/// Two peers can exchange vectors exactly when their layouts are equal; the fingerprint is what they compare.
public struct VectorLayout: Sendable, Hashable, Codable {
    /// One named tensor within the block.
    public struct Entry: Sendable, Hashable, Codable {
        public let name: String
        /// The extent of each dimension, outermost first; numbers lie in row-major order.
        public let shape: [Int]
        /// Index of the first number within the block.
        public let offset: Int

        /// How many numbers the tensor has.
        public var count: Int { shape.reduce(1, *) }
        /// Whether the tensor holds the weights of a convolution or dense layer; biases, and the scales and shifts of
        /// norms, have one dimension.
        public var isWeight: Bool { shape.count > 1 }
        /// Where the tensor lies within the block.
        public var range: Range<Int> { offset..<(offset + count) }
    }

    /// The tensors in the order in which they lie.
    public private(set) var entries: [Entry] = []
    /// Numbers in the whole block.
    public private(set) var count = 0

    /// A layout of no tensor.
    public init() {}

    /// A layout of these tensors, one behind the other.
    public init(_ tensors: [(name: String, shape: [Int])]) {
        for tensor in tensors {
            append(tensor.name, shape: tensor.shape)
        }
    }

    /// Adds a tensor at the end and tells where it lies. Names are unique; a second one of the same name is a bug.
    @discardableResult
    public mutating func append(_ name: String, shape: [Int]) -> Entry {
        precondition(self[name] == nil, "layout has two tensors named \(name)")
        let entry = Entry(name: name, shape: shape, offset: count)
        entries.append(entry)
        count += entry.count
        return entry
    }

    /// The tensor of that name, if there is one.
    public subscript(name: String) -> Entry? {
        entries.first { $0.name == name }
    }

    /// A number that differs between different layouts, for handshakes and files.
    public var fingerprint: UInt64 {
        var fingerprint = Fingerprint()
        for entry in entries {
            fingerprint.combine(entry.name + entry.shape.map { ",\($0)" }.joined() + ";")
        }
        return fingerprint.value
    }
}
