import Testing

@testable import OpenTransport

/// Who is let in and who is not, each for a reason of its own.
@Suite struct TrustTests {
    private let small = SmallGroup()
    private let now = SmallGroup.now
    private let day = SmallGroup.day
    private let peer = SmallGroup.key(20)

    private func refusal(_ credentials: Credentials, _ trust: Trust? = nil, at time: Int64? = nil) -> Refusal? {
        do throws(Refusal) {
            try (trust ?? small.trust).check(credentials, now: time ?? now)
            return nil
        } catch {
            return error
        }
    }

    /// What somebody signs who may be no authority.
    private func signed(by key: PrivateKey, _ issuer: String, for subject: PublicKey, _ role: Certificate.Role = .peer)
        -> Certificate
    {
        .signed(
            by: key, for: subject, as: role, names: (subject.id.short, issuer), validity: now - day...now + day)
    }

    @Test func membersAndInvitedAreLetIn() {
        #expect(refusal(small.member(peer)) == nil)
        #expect(refusal(small.invited(peer)) == nil)
    }

    @Test func anotherGroup() {
        let other = SmallGroup("lab", number: 2)
        #expect(refusal(other.member(peer)) == .otherGroup)
        #expect(refusal(other.invited(peer)) == .otherGroup)
        let withRoot = Credentials(chain: other.member(peer).chain + [other.group.root])
        #expect(refusal(withRoot) == .otherGroup)
    }

    @Test func selfSigned() {
        let name = peer.publicKey.id.short
        #expect(refusal(Credentials(chain: [signed(by: peer, name, for: peer.publicKey)])) == .selfSigned)
    }

    @Test func signedByAMerePeer() {
        let member = small.member(SmallGroup.key(21))
        let own = signed(by: SmallGroup.key(21), member.own.subject, for: peer.publicKey)
        #expect(refusal(Credentials(chain: [own, member.own])) == .signedByPeer)
    }

    @Test func invitedByAnInvitation() {
        let invitation = small.invitation()
        let second = SmallGroup.key(51)
        let between = signed(by: invitation.key, invitation.certificate.subject, for: second.publicKey, .invitation)
        let own = signed(by: second, between.subject, for: peer.publicKey)
        #expect(refusal(Credentials(chain: [own, between, invitation.certificate])) == .invitedByInvitation)
    }

    @Test func expired() {
        #expect(refusal(small.member(peer), at: now + 91 * day) == .expired)
        #expect(refusal(small.invited(peer), at: now + 8 * day) == .expired)
        #expect(refusal(small.member(peer), at: now + 89 * day) == nil)
    }

    @Test func notYetValid() {
        #expect(refusal(small.member(peer), at: now - 2 * day) == .notYetValid)
        #expect(refusal(small.member(peer), at: now - day / 2) == nil)
    }

    @Test func revokedPeersAndInvitations() {
        func trust(without id: KeyID) -> Trust {
            let list = RevocationList.signed(
                by: small.rootKey, of: small.group.root, adding: id, to: nil, now: now)
            return Trust(group: small.group, revocations: list)
        }
        let byPeer = trust(without: peer.publicKey.id)
        #expect(refusal(small.member(peer), byPeer) == .revoked)
        #expect(refusal(small.invited(peer), byPeer) == .revoked)
        #expect(refusal(small.invited(SmallGroup.key(22)), byPeer) == nil)
        // Revoking an invitation revokes whom it admitted, and nobody else.
        let byInvitation = trust(without: small.invitation().id)
        #expect(refusal(small.invited(peer), byInvitation) == .revoked)
        #expect(refusal(small.member(peer), byInvitation) == nil)
        // An invitation's holder may number certificates as it likes: the key counts.
        #expect(byPeer.revocations?.serials == [peer.publicKey.id.serial])
    }

    @Test func anInvitationIsNoPeer() {
        #expect(refusal(Credentials(chain: [small.invitation().certificate])) == .noPeer)
    }

    @Test func everyReasonHasItsSentence() {
        #expect(Set(Refusal.allCases.map(\.description)).count == Refusal.allCases.count)
    }
}
