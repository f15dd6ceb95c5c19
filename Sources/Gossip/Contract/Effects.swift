public import Graphs

/// The effects of one event, in order; and the numbers of the messages among them, which go on from event to event.
public struct Effects: Sendable {
    /// What was asked for, in the order in which it will be carried out.
    public private(set) var list: [Effect] = []
    /// The number of the last message sent, over all events.
    public private(set) var lastMessage: UInt64

    /// No effects yet, of a peer that has sent so many messages.
    public init(after lastMessage: UInt64 = 0) { self.lastMessage = lastMessage }

    /// Asks for the gradient at a point, the model unless told otherwise: `gradientReady` answers, and until then
    /// `.gradient` may not be named and no second one be asked for.
    public mutating func gradient(at term: Term = Term(1, .model)) { list.append(.gradient(at: term)) }
    /// Lets the optimizer change the model along the gradient that came last.
    public mutating func update() { list.append(.update) }
    /// Writes the optimizer's step from a point along a gradient to `target` and applies it to nothing: the point plus
    /// the step is what `update` would give.
    public mutating func direction(at point: Vector, along gradient: Vector, into target: Vector) {
        list.append(.direction(at: point, along: gradient, into: target))
    }
    /// Overwrites a vector, or the named part of it, by the sum of the terms in one pass; a term may be the vector
    /// itself. Terms that are differences all have one origin.
    public mutating func combine(into target: Vector, part: Part? = nil, _ terms: Term...) {
        list.append(.combine(into: target, part: part, terms))
    }
    /// The same with terms that were put together before, as many as there are neighbours.
    public mutating func combine(into target: Vector, part: Part? = nil, _ terms: [Term]) {
        list.append(.combine(into: target, part: part, terms))
    }
    /// Overwrites a vector by what a rule makes of the own one and of the others, which lie in buckets that are
    /// averaged first.
    public mutating func aggregate(
        into target: Vector, by rule: AggregationRule, own: Term, _ others: [[Term]], memory: Vector?
    ) {
        list.append(.aggregate(into: target, by: rule, own: own, others, memory: memory))
    }
    /// Replaces a vector by its exact average over all peers, each of whom must ask for it: `averaged` answers, and
    /// until then the vector may not be named. One at a time.
    public mutating func average(_ vector: Vector) { list.append(.average(vector)) }
    /// Has a vector tested on the samples set apart for validation: `scored` answers after this event's other effects.
    /// The traits must say `needsScores`.
    public mutating func score(_ vector: Vector) { list.append(.score(vector)) }

    /// Has the distances of vectors from one of this peer's own taken: `measured` answers, in the same order, after
    /// this event's other effects.
    public mutating func measure(_ vectors: [Vector], from origin: Vector) {
        list.append(.measure(vectors, from: origin))
    }

    /// Sends a message and gives back its number, under which it is told delivered or returned.
    @discardableResult
    public mutating func send(_ vector: Vector?, part: Part? = nil, metadata: Metadata, to peer: PeerID) -> MessageID {
        lastMessage += 1
        let id = MessageID(rawValue: lastMessage)
        list.append(.send(vector, part: part, metadata: metadata, to: peer, id: id))
        return id
    }

    /// Sends a product of a vector with the factors of the edge to a peer, in place of the vector.
    @discardableResult
    public mutating func sendProduct(
        _ vector: Vector, _ factoring: Factoring, seed: UInt64, metadata: Metadata, to peer: PeerID
    ) -> MessageID {
        lastMessage += 1
        let id = MessageID(rawValue: lastMessage)
        list.append(.sendProduct(vector, factoring, seed: seed, metadata: metadata, to: peer, id: id))
        return id
    }
    /// Moves a vector towards those of neighbours, as far as the products that they sent show them.
    public mutating func mixProducts(into target: Vector, _ factoring: Factoring, _ terms: [ProductTerm]) {
        list.append(.mixProducts(into: target, factoring, terms))
    }

    /// Has a pass computed at the model as it is now, up to its first stop: `passStopped` or `passEnded` answers, and
    /// until then no other computation may be asked for. The traits must tell the division of the network.
    public mutating func beginPass(_ pass: Pass) { list.append(.beginPass(pass)) }
    /// Has a pass computed on with the parts that it waited for, slot by slot; answered likewise.
    public mutating func resumePass(_ pass: Pass, parts: [PayloadID]) { list.append(.resumePass(pass, parts: parts)) }
    /// Forgets a pass that has begun and not ended.
    public mutating func dropPass(_ pass: Pass) { list.append(.dropPass(pass)) }
    /// Counts the step that passes were made for; the optimizer goes on to the next one's learning rate.
    public mutating func endStep() { list.append(.endStep) }

    /// Lets the optimizer forget its momentum and moments, as at the beginning of the run.
    public mutating func resetOptimizer() { list.append(.resetOptimizer) }
    /// Holds the payload that came with this event beyond it; each one kept must be released, once.
    public mutating func keep(_ payload: PayloadID) { list.append(.keep(payload)) }
    /// Lets go of a kept payload: it can be named until the effects of this event are carried out.
    public mutating func release(_ payload: PayloadID) { list.append(.release(payload)) }
    /// Asks to be told `timer` with this number at that moment. Nothing takes it back: who no longer wants it knows it
    /// by its number and lets it pass.
    public mutating func timer(_ timer: TimerID, at time: Time) { list.append(.timer(timer, at: time)) }
    /// Says that this peer asks for no more gradients; messages still come, and are to be answered.
    public mutating func finish() { list.append(.finish) }
    /// Gives up for a reason that the user reads, where a crash leaves no way on: no further step is made and the run
    /// fails.
    public mutating func abandon(_ reason: String) { list.append(.abandon(reason)) }

    /// Adds an effect as it is: for what stands around an algorithm and changes what it wants.
    public mutating func append(_ effect: Effect) { list.append(effect) }

    /// Empties the list; its memory and the messages' numbers stay.
    public mutating func removeAll() { list.removeAll(keepingCapacity: true) }
}
