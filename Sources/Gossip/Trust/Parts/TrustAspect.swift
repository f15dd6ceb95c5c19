/// What a neighbour is judged by.
enum TrustAspect: String, Sendable, Hashable, Codable, CaseIterable {
    /// It keeps nobody waiting who was not kept waiting himself.
    case inTime = "in-time"
    /// What it sends has the right length and only finite numbers.
    case intact
    /// Its model is not much farther away than those of the others.
    case near
    /// Half of its model does one's own no harm, on samples that nobody learns from.
    case useful
}
