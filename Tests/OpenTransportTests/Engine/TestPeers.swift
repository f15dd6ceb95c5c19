@testable import OpenTransport

// Peers of a group for tests.
extension SmallGroup {
    /// A member by its number.
    func identity(_ number: UInt8, allowed: [KeyID]? = nil) -> OpenIdentity {
        let key = Self.key(number)
        return OpenIdentity(key: key, credentials: member(key), trust: trust, allowed: allowed)
    }

    /// Two members, that of the lower name first.
    func identitiesInOrder(_ first: UInt8, _ second: UInt8) -> (lower: OpenIdentity, higher: OpenIdentity) {
        let (one, other) = (identity(first), identity(second))
        return one.key.publicKey.id < other.key.publicKey.id ? (one, other) : (other, one)
    }

    /// Revokes a key.
    func revoking(_ id: KeyID) -> RevocationList {
        .signed(by: rootKey, of: group.root, adding: id, to: nil, now: Self.now)
    }
}

/// Numbers that tell one vector from another.
func numbers(_ count: Int, _ seed: Int) -> [Float] { (0..<count).map { Float(($0 &* 7 &+ seed) % 65_521) } }
