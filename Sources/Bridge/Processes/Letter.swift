/// What peers of one run in several processes say to each other beside the frames of their nodes.
enum Letter: Codable, Sendable {
    /// What the process is about to do: the first letter to everybody.
    case hello(Hello)
    /// The model that all begin with, beside the letter.
    case start
    /// The process does not begin, for that reason.
    case refusal(String)
    /// A process is gone; of itself, the one that says so, and why where its algorithm could not go on.
    case gone(Int, because: String? = nil)
    /// The peer makes no further step though its algorithm had some left, and nobody is to wait for it.
    case left
    /// How far the peer is at rest.
    case report(Rest.Report)
    /// The peer goes on after the rest of that number.
    case passed(UInt64)
    /// The peer's model at the rest of that number, beside the letter.
    case model(UInt64)
}
