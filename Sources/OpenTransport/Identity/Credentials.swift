/// What a peer shows: its own certificate and, where an invitation admitted it, the invitation's.
struct Credentials: Sendable, Hashable {
    /// The peer's certificate first; the root, which everybody has, is left out.
    let chain: [Certificate]

    /// The certificate of the peer itself.
    var own: Certificate { chain[0] }

    /// Until when all of it holds, in seconds since 1970.
    var end: Int64 { chain.map(\.validity.upperBound).min() ?? 0 }

    /// What the root's holder signs for a key, its own before all.
    static func ofFounder(_ key: PublicKey, in group: Group, signedBy root: PrivateKey, now: Int64) -> Credentials {
        Credentials(chain: [certificate(for: key, by: root, group.root, now: now)])
    }

    /// What an invitation's holder signs for its own key, without asking anybody.
    static func ofInvited(_ key: PublicKey, by invitation: Invitation, now: Int64) -> Credentials {
        let own = certificate(for: key, by: invitation.key, invitation.certificate, now: now)
        return Credentials(chain: [own, invitation.certificate])
    }

    /// A peer's certificate holds as long as it may, and never longer than the one that signs it.
    private static func certificate(
        for key: PublicKey, by signer: PrivateKey, _ issuer: Certificate, now: Int64
    ) -> Certificate {
        let begin = now - Certificate.day
        let end = max(begin, min(now + Certificate.peerSeconds, issuer.validity.upperBound))
        return .signed(
            by: signer, for: key, as: .peer, names: (key.id.short, issuer.subject), validity: begin...end)
    }
}
