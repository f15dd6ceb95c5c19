/// What becomes of the samples of an epoch that do not fill a batch.
public enum LastBatch: String, Sendable, Hashable, Codable, CaseIterable {
    /// They make a smaller batch.
    case keep
    /// They are left out of this epoch.
    case drop
}
