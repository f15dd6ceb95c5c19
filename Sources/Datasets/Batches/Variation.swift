import Randomness

/// What is done to one image.
struct Variation: Sendable, Hashable {
    /// Pixels by which the window is moved over the image, before it is mirrored.
    var down: Int8 = 0
    var right: Int8 = 0
    var isMirrored = false
    /// What decides which part of the image is taken and brought to its size, before all else; nil: the whole of it.
    var windowSeed: UInt64?
    /// The middle of the square that is blotted out, after all else.
    var hole: Hole?

    /// A pixel of the image.
    struct Hole: Sendable, Hashable {
        let row: Int16
        let column: Int16
    }

    /// What the part that is taken is drawn from.
    var windowStream: RandomStream? { windowSeed.map { RandomStream(seed: $0, purpose: .augmentation) } }
}
