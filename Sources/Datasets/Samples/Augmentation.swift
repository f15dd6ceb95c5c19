import Randomness

/// How training samples are varied each time they are seen.
public enum Augmentation: String, Sendable, Hashable, Codable, CaseIterable {
    /// Not at all.
    case none
    /// Images are surrounded by 4 black pixels, cut to their size at a random place, and mirrored left to right half of
    /// the time: the usual variation for CIFAR (He et al., Deep residual learning, CVPR 2016, section 4.2).
    case cropFlip = "crop-flip"

    /// Pixels by which an image may be moved in each direction.
    static let padding = 4

    /// The variations of the samples of one epoch, in the order in which they are seen; none where there are none.
    ///
    /// They depend on (seed, peer, epoch) alone, so that a run that goes on in the middle of an epoch sees the same.
    func variations(_ count: Int, seed: UInt64, peer: Int, epoch: UInt64) -> [Variation] {
        guard self == .cropFlip else { return [] }
        var stream = RandomStream(seed: seed, purpose: .augmentation, peer: peer, round: epoch)
        let places = 2 * Self.padding + 1
        return (0..<count).map { _ in
            let down = stream.integer(below: places) - Self.padding
            let right = stream.integer(below: places) - Self.padding
            return Variation(down: Int8(down), right: Int8(right), isMirrored: stream.bernoulli(0.5))
        }
    }
}
