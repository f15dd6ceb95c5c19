import Randomness

/// How training samples are varied each time they are seen: parts that go together, in this order.
public struct Augmentation: RawRepresentable, Sendable, Hashable, Codable, CaseIterable {
    /// What is taken of an image.
    private enum Part: String, CaseIterable {
        /// All of it.
        case whole = ""
        /// Images are surrounded by 4 black pixels and cut to their size at a random place: the usual variation for
        /// CIFAR (He et al., Deep residual learning, CVPR 2016, section 4.2).
        case crop
        /// A rectangle by chance is brought to the size: the usual variation for ImageNet, see `Window.random`.
        case resizedCrop = "resized-crop"
    }

    private var part = Part.whole
    /// Whether images are mirrored left to right half of the time.
    private var flips = false
    /// Whether a square, half as high as the image and with its middle anywhere within, is blotted out by the mean
    /// (DeVries and Taylor, Improved regularization of convolutional neural networks with cutout, 2017).
    private var cuts = false

    /// Images as they are.
    public static let none = Augmentation()

    /// All that can go together.
    public static let allCases = Part.allCases.flatMap { part in
        [false, true].flatMap { cuts in
            [false, true].map { flips in Augmentation(part: part, flips: flips, cuts: cuts) }
        }
    }

    private init(part: Part = .whole, flips: Bool = false, cuts: Bool = false) {
        (self.part, self.flips, self.cuts) = (part, flips, cuts)
    }

    /// The variation of that name, one of `allCases`; nil for another word.
    public init?(rawValue: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = found
    }

    /// The names of its parts, such as `crop-flip-cutout`, or `none`.
    public var rawValue: String {
        let parts = [part.rawValue, flips ? "flip" : "", cuts ? "cutout" : ""].filter { !$0.isEmpty }
        return parts.isEmpty ? "none" : parts.joined(separator: "-")
    }

    /// Pixels by which an image may be moved in each direction.
    static let padding = 4

    /// The variations of so many samples, in the order in which they are seen; none where there are none.
    func variations(_ count: Int, shape: ImageShape, drawnFrom stream: RandomStream) -> [Variation] {
        guard self != .none else { return [] }
        var stream = stream
        let places = 2 * Self.padding + 1
        return (0..<count).map { _ in
            var variation = Variation()
            switch part {
            case .whole: break
            case .crop:
                variation.down = Int8(stream.integer(below: places) - Self.padding)
                variation.right = Int8(stream.integer(below: places) - Self.padding)
            case .resizedCrop: variation.windowSeed = stream.next()
            }
            if flips { variation.isMirrored = stream.bernoulli(0.5) }
            if cuts {
                let row = Int16(stream.integer(below: shape.height))
                variation.hole = Variation.Hole(row: row, column: Int16(stream.integer(below: shape.width)))
            }
            return variation
        }
    }
}
