public import Graphs

/// The effects of one event, in order.
public struct Effects: Sendable {
    public private(set) var list: [Effect] = []

    public init() {}

    public mutating func gradient(at term: Term = Term(1, .model)) {
        list.append(.gradient(at: term))
    }
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
    public mutating func send(
        _ vector: Vector?, part: Part? = nil, metadata: Metadata, to peer: PeerID, id: MessageID
    ) {
        list.append(.send(vector, part: part, metadata: metadata, to: peer, id: id))
    }
    public mutating func resetOptimizer() { list.append(.resetOptimizer) }
    public mutating func release(_ payload: PayloadID) { list.append(.release(payload)) }
    public mutating func timer(_ timer: TimerID, at time: Time) {
        list.append(.timer(timer, at: time))
    }
    public mutating func finish() { list.append(.finish) }
    public mutating func abandon(_ reason: String) { list.append(.abandon(reason)) }

    /// Empties the list and keeps its memory.
    public mutating func removeAll() { list.removeAll(keepingCapacity: true) }
}
