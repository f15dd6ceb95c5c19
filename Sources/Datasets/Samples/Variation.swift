/// What is done to one image.
struct Variation: Sendable, Hashable {
    /// Pixels by which the window is moved over the image, before it is mirrored.
    let down: Int8
    let right: Int8
    let isMirrored: Bool
}
