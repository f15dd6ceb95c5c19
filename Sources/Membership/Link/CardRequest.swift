/// A request for a card that is under way.
struct CardRequest {
    let link: LinkNumber
    let seconds: Double
    /// Another link that spoke of the same member, to be asked where the first one is slow.
    var other: LinkNumber?
}
