/// Whom a peer believes: its group, less those who were revoked.
struct Trust: Sendable, Hashable {
    let group: Group
    /// Nil as long as nobody was revoked.
    var revocations: RevocationList?

    /// Throws why whoever shows these certificates is not let in. - Parameter now: in seconds since 1970.
    func check(_ credentials: Credentials, now: Int64) throws(Refusal) {
        try checkSignatures(credentials.chain, now: now)
        try checkAdmission(credentials)
    }

    /// The same of certificates that are known to lead to the group's root.
    func checkAdmission(_ credentials: Credentials) throws(Refusal) {
        guard !credentials.own.isAuthority else { throw .noPeer }
        if let revocations, revocations.revokes(credentials) { throw .revoked }
    }
}
