import Configuration
import Randomness

/// Which settings the peers of an open network must share, and which are each one's own.
extension Experiment {
    /// Whether a key says what a peer does for itself: where its data is and how much of it, how long it stays, what
    /// it tests, how it is reached.
    package static func isOwn(_ key: String) -> Bool {
        ownKeys.contains(key) || ownSections.contains { key.hasPrefix($0) }
    }

    private static let ownKeys: Set<String> = [
        "name", "data.path", "data.workers", "data.train_samples", "data.validation_samples", "data.test_samples",
        "model.weights", "threads_per_peer", "epochs", "steps", "stragglers",
    ]
    private static let ownSections = ["evaluate.", "checkpoint.", "save.", "simulation."]

    /// Whether a key of this experiment is the peer's own: those of the transport are, but for its name.
    private func isShared(_ key: String) -> Bool {
        !Self.isOwn(key) && (key == "transport.name" || !key.hasPrefix("transport."))
    }

    /// What must be the same at all peers, as it is written.
    package var sharedSettings: [(key: String, value: String)] { settings.filter { isShared($0.key) } }

    /// The same as an experiment file, for those who join without one.
    package var sharedYAML: String { yaml { isShared($0) } }

    /// A number that peers share when their shared settings are the same.
    package var sharedFingerprint: UInt64 {
        var fingerprint = Fingerprint()
        for (key, value) in sharedSettings { fingerprint.combine("\(key)=\(value)\n") }
        return fingerprint.value
    }

    /// The seed of what peers draw each for themselves, such as the order of their samples.
    package var drawSeed: UInt64 {
        guard let drawKey else { return UInt64(seed) }
        var stream = RandomStream(seed: UInt64(seed), purpose: .sampling, round: drawKey)
        return stream.next()
    }
}
