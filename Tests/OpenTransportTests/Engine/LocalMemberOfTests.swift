import Membership

/// A member that knows nobody.
enum LocalMemberOfTests {
    static func member(_ card: Card) -> LocalMember {
        LocalMember(card: card, settings: MembershipSettings(seeds: []), seed: 1)
    }
}
