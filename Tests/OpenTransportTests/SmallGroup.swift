@testable import OpenTransport

/// A group with fixed keys at a fixed time, and who comes to it.
struct SmallGroup {
    /// 2026-01-01T00:00:00Z.
    static let now: Int64 = 1_767_225_600
    static let day: Int64 = 86_400

    let rootKey: PrivateKey
    let group: Group

    init(_ name: String = "lab", number: UInt8 = 1) {
        rootKey = SmallGroup.key(number)
        group = Group.founded(as: name, key: rootKey, now: Self.now)
    }

    var trust: Trust { Trust(group: group) }

    static func key(_ number: UInt8) -> PrivateKey { PrivateKey(seed: Array(repeating: number, count: 32))! }

    /// The founder's own credentials, or those that the root signs for somebody.
    func member(_ key: PrivateKey, now: Int64 = now) -> Credentials {
        .ofFounder(key.publicKey, in: group, signedBy: rootKey, now: now)
    }

    func invitation(
        _ number: UInt8 = 50, for seconds: Int64 = 7 * day, seeds: [Seed] = [], now: Int64 = now
    ) -> Invitation {
        .signed(
            by: rootKey, of: group, key: Self.key(number), seeds: seeds, validity: now - Self.day...now + seconds)
    }

    func invited(_ key: PrivateKey, now: Int64 = now) -> Credentials {
        .ofInvited(key.publicKey, by: invitation(now: now), now: now)
    }
}
