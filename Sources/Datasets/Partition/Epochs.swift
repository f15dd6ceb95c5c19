import Randomness

/// The epochs of a peer's share: each goes once through it in a fresh random order.
///
/// The order of an epoch, and what is done to its images, depends on (seed, peer, epoch) alone.
struct Epochs: Sendable {
    /// The training set, of which `share` are the peer's indices.
    let samples: NormalizedSamples
    let share: [Int]
    let batch: Int
    /// Samples of an epoch that are given out.
    let used: Int
    let augmentation: Augmentation
    let seed: UInt64
    let peer: Int

    /// The samples of an epoch and what is done to each.
    struct Epoch: Sendable {
        let number: UInt64
        let order: [Int]
        /// One for each sample, or none at all.
        let variations: [Variation]

        func variations(at places: Range<Int>) -> ArraySlice<Variation> {
            variations.isEmpty ? [] : variations[places]
        }
    }

    func epoch(_ number: UInt64) -> Epoch {
        var stream = RandomStream(seed: seed, purpose: .sampling, peer: peer, round: number)
        var order = share
        stream.shuffle(&order)
        return Epoch(
            number: number, order: order,
            variations: augmentation.variations(
                used, shape: samples.samples.shape,
                drawnFrom: RandomStream(seed: seed, purpose: .augmentation, peer: peer, round: number)))
    }

    /// The places within an epoch of the batch that begins at one of them.
    func batch(from position: Int) -> Range<Int> { position..<min(position + batch, used) }

    /// The epoch and the places of the batch of that number, counted from 0 over all epochs.
    func place(ofBatch number: UInt64) -> (epoch: UInt64, places: Range<Int>) {
        let (epoch, index) = number.quotientAndRemainder(dividingBy: UInt64((used + batch - 1) / batch))
        return (epoch, batch(from: Int(index) * batch))
    }
}
