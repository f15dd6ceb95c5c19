public import Configuration
import Randomness

/// One peer's endless sequence of batches: each epoch goes once through its share in a fresh random order.
///
/// The order of an epoch, and what is done to its images, depends on (seed, peer, epoch) alone, so that the state is
/// two numbers and a resumed run sees what the uninterrupted one would have seen.
public struct Sampler: Sendable {
    /// Where a sampler stands.
    public struct State: Sendable, Hashable, Codable {
        /// Epochs completed.
        public var epoch: UInt64
        /// Samples of the current epoch already given out.
        public var position: Int

        /// By default the beginning: no epoch completed, no sample of the first one given out.
        public init(epoch: UInt64 = 0, position: Int = 0) {
            self.epoch = epoch
            self.position = position
        }
    }

    /// Samples in a batch, but for a rest that is kept.
    public var batch: Int { epochs.batch }
    public private(set) var state: State
    let epochs: Epochs
    private var epoch = Epochs.Epoch(number: 0, order: [], variations: [])
    let workers: BatchWorkers?
    /// The batches that workers were asked for, from the next one on, and where the batch behind them begins.
    private var pending: [PendingBatch] = []
    private var ahead = State()
    private var epochAhead = Epochs.Epoch(number: 0, order: [], variations: [])

    /// Batches that are made before they are needed, besides the next one.
    static let batchesAhead = 1

    /// - Parameters:
    ///   - samples: the training set, of which `share` are this peer's indices; many samplers may share it.
    ///   - workers: threads that make the images of batches ahead, the same bits as without; nil: they are made as the
    ///     batch is taken.
    ///   - state: where to go on; the beginning unless a run is resumed.
    ///
    /// Throws when the batch is larger than the share (key `batch`), or the state is not one of this share and batch.
    public init(
        _ samples: NormalizedSamples, share: [Int], batch: Int, lastBatch: LastBatch,
        augmentation: Augmentation = .none, seed: UInt64, peer: Int, workers: BatchWorkers? = nil,
        state: State = State()
    ) throws(ConfigurationError) {
        guard batch >= 1 else { throw ConfigurationError(key: "batch", "\(batch) is not a whole number of at least 1") }
        guard batch <= share.count else {
            throw ConfigurationError(
                key: "batch",
                "\(batch) is larger than peer \(peer)'s share of \(share.count) samples; "
                    + "lower batch or peers, or take more samples")
        }
        epochs = Epochs(
            samples: samples, share: share, batch: batch,
            used: lastBatch == .keep ? share.count : share.count / batch * batch, augmentation: augmentation,
            seed: seed, peer: peer)
        self.workers = workers
        self.state = state
        try restore(state)
    }

    /// Goes on from where a sampler of the same share and batch stood. Throws when the state is none of theirs.
    public mutating func restore(_ state: State) throws(ConfigurationError) {
        let (batch, count) = (epochs.batch, epochs.share.count)
        guard (0..<epochs.used).contains(state.position), state.position % batch == 0, state.epoch <= 1 << 48 else {
            throw ConfigurationError(
                key: "batch",
                "position \(state.position) of epoch \(state.epoch) is none of batches of \(batch) "
                    + "from a share of \(count) samples; resume with the data, peers and batch of the saved run")
        }
        self.state = state
        epoch = epochs.epoch(state.epoch)
        pending = []
    }

    /// Samples in the next batch: `batch`, or fewer at the end of an epoch whose rest is kept.
    public var nextCount: Int { nextBatch(state).count }

    /// The sizes that batches have: one, or two where the share leaves a rest that is kept.
    public var batchSizes: [Int] {
        let (batch, rest) = (epochs.batch, epochs.used % epochs.batch)
        return rest == 0 ? [batch] : [batch, rest]
    }

    /// Writes the next batch and moves on.
    ///
    /// `images` takes `nextCount` normalised images as N, C, H, W, `labels` as many labels; no other sizes will do.
    public mutating func fill(images: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>) {
        let places = nextBatch(state)
        askAhead()
        epochs.samples.fill(
            epoch.order[places], variations: epoch.variations(at: places),
            planes: pending.isEmpty ? nil : pending.removeFirst().planes(), images: &images, labels: &labels)
        state = following(state)
        if epoch.number != state.epoch { epoch = epochs.epoch(state.epoch) }
    }

    /// Has the next batch made, and those behind it, unless they are on the way.
    private mutating func askAhead() {
        guard let workers else { return }
        if pending.isEmpty { (ahead, epochAhead) = (state, epoch) }
        while pending.count <= Self.batchesAhead {
            let places = nextBatch(ahead)
            let variations = Array(epochAhead.variations(at: places))
            pending.append(workers.make(epochs.samples.samples, Array(epochAhead.order[places]), variations))
            ahead = following(ahead)
            if epochAhead.number != ahead.epoch { epochAhead = epochs.epoch(ahead.epoch) }
        }
    }

    /// The places within the epoch of the batch that begins here.
    private func nextBatch(_ state: State) -> Range<Int> { epochs.batch(from: state.position) }

    /// Where the batch behind begins.
    private func following(_ state: State) -> State {
        let end = nextBatch(state).upperBound
        return end == epochs.used ? State(epoch: state.epoch + 1) : State(epoch: state.epoch, position: end)
    }
}
