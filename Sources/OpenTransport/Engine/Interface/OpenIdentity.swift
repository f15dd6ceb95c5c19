/// Who a peer is, and whom it lets in.
public struct OpenIdentity: Sendable {
    let key: PrivateKey
    let credentials: Credentials
    let trust: Trust
    /// Whom it links to, of the group; nil for everybody.
    let allowed: Set<KeyID>?

    /// A member of a group. - Parameters:
    ///   - key: the key that the group's certificate is for, see `StoredGroup.check`.
    ///   - allowed: the only members to link to; nil for all.
    public init(key: PrivateKey, group: StoredGroup, allowed: [KeyID]? = nil) {
        self.init(
            key: key, credentials: group.credentials,
            trust: Trust(group: group.group, revocations: group.revocations), allowed: allowed)
    }

    init(key: PrivateKey, credentials: Credentials, trust: Trust, allowed: [KeyID]? = nil) {
        self.key = key
        self.credentials = credentials
        self.trust = trust
        self.allowed = allowed.map(Set.init)
    }
}
