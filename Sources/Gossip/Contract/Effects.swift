public import Graphs

/// The effects of one event, in order; and the numbers of the messages among them, which go on from event to event.
public struct Effects: Sendable {
    public private(set) var list: [Effect] = []
    /// The number of the last message sent, over all events.
    public private(set) var lastMessage: UInt64

    /// No effects yet, of a peer that has sent so many messages.
    public init(after lastMessage: UInt64 = 0) { self.lastMessage = lastMessage }

    public mutating func gradient(at term: Term = Term(1, .model)) { list.append(.gradient(at: term)) }
    public mutating func update() { list.append(.update) }
    public mutating func direction(at point: Vector, along gradient: Vector, into target: Vector) {
        list.append(.direction(at: point, along: gradient, into: target))
    }
    public mutating func combine(into target: Vector, part: Part? = nil, _ terms: Term...) {
        list.append(.combine(into: target, part: part, terms))
    }
    public mutating func combine(into target: Vector, part: Part? = nil, _ terms: [Term]) {
        list.append(.combine(into: target, part: part, terms))
    }
    public mutating func average(_ vector: Vector) { list.append(.average(vector)) }
    public mutating func score(_ vector: Vector) { list.append(.score(vector)) }

    /// Sends a message and gives back its number, under which it is told delivered or returned.
    @discardableResult
    public mutating func send(_ vector: Vector?, part: Part? = nil, metadata: Metadata, to peer: PeerID) -> MessageID {
        lastMessage += 1
        let id = MessageID(rawValue: lastMessage)
        list.append(.send(vector, part: part, metadata: metadata, to: peer, id: id))
        return id
    }

    public mutating func resetOptimizer() { list.append(.resetOptimizer) }
    public mutating func keep(_ payload: PayloadID) { list.append(.keep(payload)) }
    public mutating func release(_ payload: PayloadID) { list.append(.release(payload)) }
    public mutating func timer(_ timer: TimerID, at time: Time) { list.append(.timer(timer, at: time)) }
    public mutating func finish() { list.append(.finish) }
    public mutating func abandon(_ reason: String) { list.append(.abandon(reason)) }

    /// Adds an effect as it is: for what stands around an algorithm and changes what it wants.
    public mutating func append(_ effect: Effect) { list.append(effect) }

    /// Empties the list; its memory and the messages' numbers stay.
    public mutating func removeAll() { list.removeAll(keepingCapacity: true) }
}
