@testable import OpenTransport

/// Two ends of a link whose items go from one to the other at once, and what each asked of its host.
struct SmallLink {
    static let second = LinkLimits.second

    static func hello(_ change: (inout Hello) -> Void = { _ in }) -> Hello {
        let session = SessionGreeting(number: 0, handled: 0, formerNumber: 0, formerHandled: 0)
        var hello = Hello(
            protocols: 1...2, experiment: 1, parameterCount: 100, layout: 2,
            encodings: PayloadEncoding.fp32.bit | PayloadEncoding.bf16.bit, incarnation: 1, session: session,
            digest: 0, time: 0, degree: 0, record: [])
        change(&hello)
        return hello
    }

    static let model = FrameOpening(encoding: .fp32, payloadByteCount: 400, header: Array(repeating: 0, count: 64))
    static let empty = FrameOpening(encoding: .none, payloadByteCount: 0, header: Array(repeating: 0, count: 64))

    static func item(_ content: Item.Content, _ number: UInt64 = 0) -> LinkEvent {
        .received(Item(number: number, content: content))
    }

    /// An open link that has nothing under way.
    static func open(_ limits: LinkLimits = LinkLimits(), now: Int64 = 0) -> LinkState {
        var link = LinkState(limits: limits, now: now)
        _ = link.handle(.secured(hello()), now: now)
        _ = link.handle(item(.hello(hello())), now: now)
        return link
    }
}
