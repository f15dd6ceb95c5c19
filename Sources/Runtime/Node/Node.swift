import Compression
public import Gossip
public import Graphs
public import Vectors

/// The one interpreter of effects: an algorithm, its vectors, its optimizer and its session, under whatever
/// environment.
///
/// Everything happens on the thread that calls `handle`, and in the order of the calls. The simulator, threads and
/// every transport run this code; only the delivery of arrivals and the meaning of time differ.
public struct Node: ~Copyable {
    public let me: PeerID
    /// The algorithm as the last event left it.
    public internal(set) var algorithm: any Algorithm
    public internal(set) var vectors: VectorStore
    /// What makes of frames messages that come once and in order.
    public internal(set) var session: Session
    /// The learning rate of the last gradient's step, or of the one that passes are made for; 0 before the first.
    public internal(set) var learningRate: Float = 0
    /// What was done so far; of a restored node, what it had done before too.
    public internal(set) var statistics = NodeStatistics()
    /// The weights in the metadata of all messages sent, less those of messages taken in or taken back: what one event
    /// adds to what is in flight. A checker that adds it up sets it back to 0.
    public var carried = 0.0
    /// What scores models; an algorithm that asks for scores needs one.
    public var scorer: (any Scorer)?
    /// Told of every event and its effects.
    public var observer: (any Observer)?
    /// True when the algorithm asks for no more gradients.
    public internal(set) var isFinished = false
    /// Why the algorithm could not go on, where it could not.
    public internal(set) var abandonment: String?

    let pool: PayloadPool
    var averaging: RingAverage
    /// The vector of the last average.
    var averaged = Vector.gradient
    var effects = Effects()
    var received = SortedTable<UInt64, Payload>()
    /// The edges over which products with factors go.
    var edges: [PeerID: PowerEdge] = [:]
    /// Those of them that go with the event under way.
    var expiring: [PayloadID] = []
    var payloads: UInt64 = 0
    var retransmissionAt: Time?
    /// The passes through a piece of the network; nil in a node that has begun none.
    var passes: PassesUnderWay?
    /// Whether the node goes on from a saved state.
    var isRestored = false
    /// Whether a step was made outside, to a model that lies there, and is not taken over yet.
    var awaitsStep = false
    /// The links, where they compress.
    var links: CompressedLinks?
    /// The optimizer that `update` and `direction` call.
    var localOptimizer: any LocalOptimizer & ~Copyable
    /// Whether it steps outside of the node.
    let stepsOutside: Bool
    /// The way to the environment: what sends frames, computes gradients and tells time.
    let port: any Port

    /// A node that begins with this model, one of `peers` learners; without link settings messages bring vectors as
    /// they are.
    public init(
        _ algorithm: any Algorithm, me: PeerID, peers: Int, model: consuming FlatVector,
        localOptimizer: consuming any LocalOptimizer & ~Copyable, port: any Port, session: Session, pool: PayloadPool,
        links: LinkSettings? = nil
    ) {
        self.me = me
        self.algorithm = algorithm
        vectors = VectorStore(count: model.count, capacity: Slot.capacity, pool: pool)
        vectors.put(model, in: Slot.model)
        stepsOutside = localOptimizer.stepsOutside
        self.localOptimizer = localOptimizer
        self.port = port
        self.session = session
        self.pool = pool
        averaging = RingAverage(me: me, peers: peers)
        if let links {
            let start = vectors.snapshot(Slot.model, range: 0..<vectors.count)
            self.links = CompressedLinks(links, me: me, start: start, pool: pool)
        }
    }

    /// Lets the algorithm begin.
    public mutating func start(now: Time) {
        perform(.start, now: now)
        armRetransmission(now: now)
    }

    /// Handles one arrival.
    public mutating func handle(_ inbound: Inbound, now: Time) {
        switch inbound {
        case .frame(let frame):
            carryOut(session.receive(frame), now: now)
        case .gradientReady(let report):
            vectors.put(port.takeGradient(), in: Slot.gradient)
            statistics.count(report)
            beginStep()
            awaitsStep = isModelOutside
            perform(
                .gradientReady(loss: report.loss, learningRate: learningRate, samples: report.samples),
                now: now)
            // Whoever has no use for the gradient goes on from what lies there.
            awaitsStep = false
        case .passAdvanced(let report):
            advance(report, now: now)
        case .timer(.algorithm(let timer)):
            perform(.timer(timer), now: now)
        case .timer(.retransmission):
            retransmissionAt = nil
            carryOut(session.retransmit(now: now), now: now)
        case .averaged(let average):
            bringModel()
            vectors.combine(
                into: slot(averaged), range: 0..<vectors.count, [VectorStore.Term(weight: 1, source: .payload(average))]
            )
            perform(.averaged(averaged), now: now)
        case .peerJoined(let peer, let incarnation):
            carryOut(session.admit(peer, incarnation: incarnation), now: now)
            links?.admit(peer)
            perform(.peerJoined(peer), now: now)
        case .peerLeft(let peer):
            carryOut(session.fence(peer), now: now)
            links?.fence(peer)
            perform(.peerLeft(peer), now: now)
        case .greetingWanted(let peer, let connection):
            port.greet(peer, connection: connection, with: session.greeting(for: peer))
        case .linkUp(let peer, let greeting):
            carryOut(session.open(peer, greeting), now: now)
            links?.admit(peer)
            perform(.peerJoined(peer), now: now)
        case .linkDown(let peer):
            session.suspend(peer)
            links?.fence(peer)
            perform(.peerLeft(peer), now: now)
        case .doubtOver(let peer):
            carryOut(session.giveUp(peer), now: now)
        case .forgotten(let peer):
            forget(peer)
        case .event(let event):
            perform(event, now: now)
        case .wake:
            break
        }
        armRetransmission(now: now)
    }

    /// Tells the optimizer which of the run's steps the last gradient is for. One that is made of passes counts when it
    /// is over, a gradient's own at once.
    mutating func beginStep() {
        let counted: UInt64 = passes == nil ? 1 : 0
        learningRate = localOptimizer.begin(step: algorithm.stepsMissed + statistics.steps - counted)
    }

    /// Goes on after a crash, as it was when it was saved, in its life number `incarnation`: what was sent and never
    /// heard of is told delivered or returned. Afterwards it is to be told that every other peer left, and that those
    /// who are there joined.
    ///
    /// - Parameter handled: The place up to which a peer had handled this one's messages.
    public mutating func beginIncarnation(_ incarnation: UInt32, handled: (PeerID) -> UInt64, now: Time) {
        retransmissionAt = nil
        carryOut(session.beginIncarnation(incarnation, handled: handled), now: now)
        links?.beginIncarnation()
    }

    /// What is tested and saved, as it is now.
    public func evaluatedSnapshot() -> Payload {
        let term = algorithm.evaluated
        let snapshot = vectors.snapshot(slot(term.vector), range: 0..<vectors.count)
        guard term.weight != 1 else { return snapshot }
        return pool.payload(count: snapshot.count) { span in
            snapshot.read { source in
                for index in source.indices { span[index] = Float(term.weight) * source[index] }
            }
        }
    }

    /// The model as it is now: the node's own, and no copy of it unless it is written while the payload is held.
    public func modelSnapshot() -> Payload { vectors.snapshot(Slot.model, range: 0..<vectors.count) }

    /// The values of one of the node's vectors: for checkers.
    public func values(of vector: Vector) -> [Float] { snapshot(vector, nil).array() }

    /// Whether all numbers of one of the node's vectors are finite: for checkers.
    public func isFinite(_ vector: Vector) -> Bool {
        vectors.read(slot(vector)) { span in
            // Exponents of all ones; or-ing them up lets the compiler use whole registers.
            var found: UInt32 = 0
            for index in span.indices { found |= (span[index].bitPattern & 0x7f80_0000) == 0x7f80_0000 ? 1 : 0 }
            return found == 0
        }
    }

    /// Gradient steps that are over. The last one is when the next gradient is asked for, or none ever will be: a peer
    /// that waits for others in a step has not ended it, though its gradient is used.
    public var stepsOver: UInt64 {
        let isOver = isFinished || vectors.isAway(Slot.gradient) || algorithm.awaitsNextStep
        return isOver ? statistics.steps : max(statistics.steps, 1) - 1
    }

    /// Tells the algorithm that the run is over. It is the last call, when nothing is under way any more.
    public mutating func end(now: Time) { perform(.end, now: now) }

    /// Payloads received and still held: after `end` there are none.
    public var heldPayloadCount: Int { received.count }

    // MARK: Events to effects

    mutating func perform(_ event: Event, now: Time) {
        effects.removeAll()
        algorithm.handle(event, now: now, &effects)
        observer?.saw(event, effects.list, peer: me, now: now)
        let consequences = carryOut(effects, now: now)
        dropExpired()
        links?.forgetSent()
        for consequence in consequences {
            switch consequence {
            case .session(let output): carryOut(output, now: now)
            case .averaged(let vector): perform(.averaged(vector), now: now)
            case .scored(let score): perform(.scored(score), now: now)
            case .measured(let measurements): perform(.measured(measurements), now: now)
            }
        }
    }

    private mutating func carryOut(_ effects: Effects, now: Time) -> [Consequence] {
        var consequences: [Consequence] = []
        for effect in effects.list { carryOut(effect, now: now, &consequences) }
        return consequences
    }

    /// Moves the average under way on by one call. What it sends are parts, of which no algorithm hears.
    private mutating func average(
        now: Time, _ call: (inout RingAverage, inout Effects) -> Bool
    ) -> [Consequence] {
        var wanted = Effects()
        let isDone = call(&averaging, &wanted)
        var consequences: [Consequence] = []
        for effect in wanted.list {
            if case .send(let vector?, let part, _, let peer, _) = effect {
                guard !refuses(effect) else { continue }
                let payload = snapshot(vector, part)
                statistics.countMessage(to: peer, bytes: payload.byteCount)
                carryOut(session.sendPart(payload, to: peer, now: now), now: now)
            } else {
                carryOut(effect, now: now, &consequences)
            }
        }
        return consequences + (isDone ? [.averaged(averaged)] : [])
    }

    private mutating func carryOut(_ outputs: [Session.Output], now: Time) {
        for output in outputs { carryOut(output, now: now) }
    }

    private mutating func carryOut(_ output: Session.Output, now: Time) {
        switch output {
        case .transmit(let frame):
            port.send(frame)
        case .receivedPart where abandonment != nil:
            // Whoever has given up completes no average: its neighbour may be in another one, or in another life.
            break
        case .receivedPart(let payload):
            let id = arrived(payload)
            let consequences = average(now: now) { $0.receive(id, &$1) }
            dropExpired()
            for case .averaged(let vector) in consequences { perform(.averaged(vector), now: now) }
        case .received(let metadata, let payload, let peer):
            statistics.messagesReceived += 1
            carried -= metadata.weight
            guard let opened = opened(payload, from: peer, metadata) else { break }
            perform(.received(opened.map { arrived($0) }, metadata: metadata, from: peer), now: now)
        case .delivered(let id):
            perform(.delivered(id), now: now)
        case .returned(let id, let metadata, let payload, let peer):
            carried -= metadata.weight
            let value = payload.flatMap { takenBack($0, from: peer, metadata) }
            perform(.returned(id, value.map { arrived($0) }), now: now)
        }
    }

    private mutating func carryOut(_ effect: Effect, now: Time, _ consequences: inout [Consequence]) {
        if isModelOutside, !effect.leavesModelOutside { bringModel() }
        guard !refuses(effect) else { return }
        switch effect {
        case .gradient where abandonment != nil:
            // Whoever has given up makes no further step, whatever its algorithm has under way.
            break
        case .gradient(let term):
            precondition(term.part == nil, "a gradient is taken at a whole vector")
            precondition(passes?.computing == nil, "peer \(me) asks for a gradient while a pass is computed")
            let spent = vectors.take(Slot.gradient)
            if isModelOutside { return port.beginGradientOutside(reusing: spent) }
            let model = vectors.snapshot(slot(term.vector), range: 0..<vectors.count)
            port.beginGradient(at: model, scale: Float(term.weight), reusing: spent)
        case .update where stepsOutside:
            updateOutside()
        case .update:
            vectors.write(Slot.model, reading: Slot.gradient) { model, gradient in
                localOptimizer.update(&model, along: gradient)
            }
            passes?.updates += 1
        case .direction, .combine, .noise, .deviation, .aggregate:
            carryOutOnVectors(effect)
        case .send(let vector, let part, let metadata, let peer, let id):
            let payload = vector.map { part == nil ? packed($0, metadata, to: peer, id) : snapshot($0, part) }
            consequences += post(payload, metadata, to: peer, id, now: now).map(Consequence.session)
        case .sendProduct(let vector, let factoring, let seed, let metadata, let peer, let id):
            let payload = product(of: vector, factoring, seed: seed, to: peer)
            consequences += post(payload, metadata, to: peer, id, now: now).map(Consequence.session)
        case .mixProducts(let target, let factoring, let terms):
            mixProducts(into: target, factoring, terms)
        case .average where abandonment != nil:
            break
        case .average(let vector):
            averaged = vector
            if port.takesAverages {
                port.beginAverage(of: snapshot(vector, nil))
            } else {
                consequences += average(now: now) { $0.begin(vector, &$1) }
            }
        case .score(let vector):
            guard let scorer else { preconditionFailure("peer \(me) has nothing to score \(vector) by") }
            consequences.append(.scored(scorer.score(snapshot(vector, nil))))
        case .measure(let vectors, let origin):
            consequences.append(.measured(vectors.map { measurement(of: $0, from: origin) }))
        case .beginPass, .resumePass, .dropPass, .endStep:
            carryOutPass(effect)
        case .resetOptimizer:
            localOptimizer.reset()
        case .keep(let id):
            guard let place = expiring.firstIndex(of: id) else {
                preconditionFailure("payload \(id.rawValue) was kept twice, or has gone")
            }
            expiring.remove(at: place)
        case .release(let id):
            precondition(
                received[id.rawValue] != nil && !expiring.contains(id),
                "payload \(id.rawValue) was released and is not kept")
            expiring.append(id)
        case .timer(let timer, let time):
            port.setTimer(.algorithm(timer), at: time)
        case .finish:
            isFinished = true
            // The last gradient is not needed any more: of thousands of peers this counts.
            vectors.forget(Slot.gradient)
        case .abandon(let reason):
            isFinished = true
            abandonment = abandonment ?? reason
        }
    }

    /// Sends a message, and gives back what else that brings about.
    private mutating func post(
        _ payload: Payload?, _ metadata: Metadata, to peer: PeerID, _ id: MessageID, now: Time
    ) -> [Session.Output] {
        statistics.countMessage(to: peer, bytes: payload?.byteCount ?? 0)
        carried += metadata.weight
        return session.send(payload, metadata: metadata, to: peer, id: id, now: now).filter { output in
            guard case .transmit(let frame) = output else { return true }
            port.send(frame)
            return false
        }
    }

    // MARK: Vectors by name

    /// Holds what came, until the event's effects are carried out.
    mutating func arrived(_ payload: Payload) -> PayloadID {
        payloads += 1
        let id = PayloadID(rawValue: payloads)
        received[id.rawValue] = payload
        expiring.append(id)
        return id
    }

    private mutating func dropExpired() {
        for id in expiring { received[id.rawValue] = nil }
        expiring.removeAll(keepingCapacity: true)
    }

    private mutating func armRetransmission(now: Time) {
        guard retransmissionAt == nil, let time = session.nextRetransmission(now: now) else { return }
        retransmissionAt = time
        port.setTimer(.retransmission, at: time)
    }
}

/// What an effect brings about at once. It waits until all effects of the event are carried out.
private enum Consequence {
    case session(Session.Output)
    case averaged(Vector)
    case scored(Double)
    case measured([Measurement])
}
