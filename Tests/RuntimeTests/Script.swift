import Configuration
import Gossip

/// Does what a test says with the events that it is told.
struct Script: Algorithm {
    static let description = Description(name: "script", summary: "what a test says")

    let body: @Sendable (Event, inout Effects) -> Void

    init(_ body: @escaping @Sendable (Event, inout Effects) -> Void) { self.body = body }
    init(_ setup: Setup, options: Options) { preconditionFailure("a script is not made by its name") }
    init(from decoder: any Decoder) { preconditionFailure("a script is not read") }
    func encode(to encoder: any Encoder) {}

    func handle(_ event: Event, now: Time, _ effects: inout Effects) { body(event, &effects) }
}
