import CMurmur

/// D-PSGD written against the C interface, combine-then-adapt as the library's own; and what a test plants in it.
final class OutsideDPSGD {
    /// A mistake to be found.
    enum Mistake: Int {
        case none, mixesAsItComes, keepsForever, ignoresDeaths, namesWhatIsGone, mintsMass, fails
    }

    fileprivate struct Arrival {
        let sender: UInt32
        let round: UInt64
        let payload: UInt64
    }

    private let mistake: Mistake
    private let me: UInt32
    private let graph: OpaquePointer
    private var last: UInt64
    private var step: UInt64 = 0
    private var isWaiting = false
    private var arrivals: [Arrival] = []
    private var absent: Set<UInt32> = []
    private var invariant = UnsafeMutablePointer<murmur_invariant>.allocate(capacity: 1)

    private init(_ setup: murmur_setup, _ mistake: Mistake) {
        self.mistake = mistake
        me = setup.me
        graph = setup.graph
        last = setup.steps
    }

    private init(copy other: OutsideDPSGD) {
        (mistake, me, graph, last, step) = (other.mistake, other.me, other.graph, other.last, other.step)
        (isWaiting, arrivals, absent) = (other.isWaiting, other.arrivals, other.absent)
    }

    deinit { invariant.deallocate() }

    // MARK: Events

    private func handle(
        _ event: murmur_event, _ effects: OpaquePointer, _ standing: UnsafeMutablePointer<murmur_standing>
    ) -> Int32 {
        switch event.kind {
        case MURMUR_EVENT_START.rawValue: beginStep(effects)
        case MURMUR_EVENT_GRADIENT_READY.rawValue:
            if mistake == .fails, step == 5 { return 1 }
            isWaiting = true
            finishRound(effects)
        case MURMUR_EVENT_RECEIVED.rawValue where event.has_payload == 1:
            add(effects, MURMUR_EFFECT_KEEP) { $0.payload = event.payload }
            arrivals.append(Arrival(sender: event.peer, round: event.metadata.round, payload: event.payload))
            finishRound(effects)
        case MURMUR_EVENT_PEER_LEFT.rawValue where mistake != .ignoresDeaths:
            absent.insert(event.peer)
            finishRound(effects)
        case MURMUR_EVENT_STOP.rawValue: last = min(last, max(event.step, step + 1))
        default: break
        }
        guard mistake == .mintsMass, me == 0 else { return 0 }
        // All is held by peer 0, and a little is made in its third step.
        invariant.initialize(to: murmur_invariant(name: nil, total: 1, held: step < 3 ? 1 : 1.5, tolerance: 0))
        (standing.pointee.invariants, standing.pointee.invariant_count) = (UnsafePointer(invariant), 1)
        return 0
    }

    private func beginStep(_ effects: OpaquePointer) {
        var peers = [UInt32](repeating: 0, count: 64)
        var count: UInt64 = 0
        _ = murmur_graph_receivers(graph, me, step, &peers, 64, &count)
        for peer in peers.prefix(Int(count)) where !absent.contains(peer) {
            add(effects, MURMUR_EFFECT_SEND) {
                $0.has_vector = 1
                $0.peer = peer
                $0.metadata.round = step
            }
        }
        withTerms([murmur_term(1, Self.model)]) { terms in
            add(effects, MURMUR_EFFECT_GRADIENT) { ($0.terms, $0.term_count) = (terms.baseAddress, 1) }
        }
    }

    private func finishRound(_ effects: OpaquePointer) {
        guard isWaiting else { return }
        var row = [murmur_weight](repeating: murmur_weight(), count: 64)
        var count: UInt64 = 0
        _ = murmur_graph_row(graph, me, step, &row, 64, &count)
        let others = row.prefix(Int(count)).filter { $0.peer != me }
        let came = arrivals.filter { $0.round == step }
        let isComplete = others.allSatisfy { other in
            absent.contains(other.peer) || came.contains { $0.sender == other.peer }
        }
        guard isComplete else { return }
        isWaiting = false
        let weights = Dictionary(uniqueKeysWithValues: others.map { ($0.peer, $0.weight) })
        let mixed = mistake == .mixesAsItComes ? came : came.sorted { $0.sender < $1.sender }
        let terms =
            [murmur_term(1, Self.model)]
            + mixed.compactMap { arrival in
                weights[arrival.sender].map { murmur_term($0, arrival.vector, minus: Self.model) }
            }
        withTerms(terms) { terms in
            add(effects, MURMUR_EFFECT_COMBINE) {
                ($0.terms, $0.term_count) = (terms.baseAddress, UInt64(terms.count))
            }
        }
        for arrival in came where mistake != .keepsForever || step > 0 {
            add(effects, MURMUR_EFFECT_RELEASE) { $0.payload = arrival.payload }
        }
        if mistake != .namesWhatIsGone { arrivals.removeAll { $0.round == step } }
        add(effects, MURMUR_EFFECT_UPDATE) { _ in }
        step += 1
        if mistake == .namesWhatIsGone, let gone = came.first { arrivals.append(gone.moved(to: step)) }
        if step >= last { add(effects, MURMUR_EFFECT_FINISH) { _ in } } else { beginStep(effects) }
    }

    // MARK: Effects

    private static let model = murmur_vector(kind: MURMUR_VECTOR_MODEL.rawValue, number: 0, id: 0)

    private func add(
        _ effects: OpaquePointer, _ kind: murmur_effect_kind, _ change: (inout murmur_effect) -> Void
    ) {
        var effect = murmur_effect()
        effect.size = UInt32(MemoryLayout<murmur_effect>.size)
        effect.kind = kind.rawValue
        change(&effect)
        _ = murmur_effects_add(effects, &effect, nil)
    }

    private func withTerms(_ terms: [murmur_term], _ body: (UnsafeBufferPointer<murmur_term>) -> Void) {
        terms.withUnsafeBufferPointer(body)
    }

    // MARK: As functions

    /// Makes it known under a name; each peer of it then makes that mistake.
    static func register(_ name: String, _ mistake: Mistake = .none) -> Int32 {
        name.withCString { name in
            var algorithm = murmur_algorithm()
            algorithm.size = UInt32(MemoryLayout<murmur_algorithm>.size)
            algorithm.name = name
            algorithm.lives_through = MURMUR_FAULT_CRASH.rawValue
            algorithm.needs = MURMUR_NEED_DOUBLY_STOCHASTIC.rawValue | MURMUR_NEED_CONNECTED.rawValue
            algorithm.graph_use = MURMUR_GRAPH_WEIGHTS.rawValue
            (algorithm.is_lock_step, algorithm.keeps_step_with_neighbours) = (1, 1)
            algorithm.context = UnsafeMutableRawPointer(bitPattern: mistake.rawValue + 1)
            algorithm.make = { context, setup, _, instance, _, _ in
                let mistake = Mistake(rawValue: Int(bitPattern: context) - 1) ?? .none
                guard let setup else { return 1 }
                instance?.pointee = Unmanaged.passRetained(OutsideDPSGD(setup.pointee, mistake)).toOpaque()
                return 0
            }
            algorithm.copy = { _, instance, copied in
                copied?.pointee = Unmanaged.passRetained(OutsideDPSGD(copy: OutsideDPSGD.of(instance))).toOpaque()
                return 0
            }
            algorithm.release = { _, instance in
                if let instance { Unmanaged<OutsideDPSGD>.fromOpaque(instance).release() }
            }
            algorithm.handle = { _, instance, event, effects, standing in
                guard let event, let effects, let standing else { return 1 }
                return OutsideDPSGD.of(instance).handle(event.pointee, effects, standing)
            }
            // No test saves one to bytes.
            algorithm.save = { _, _, _, _ in 1 }
            algorithm.restore = { _, _, _, _, _ in 1 }
            return murmur_algorithm_register(&algorithm)
        }
    }

    private static func of(_ instance: UnsafeMutableRawPointer?) -> OutsideDPSGD {
        guard let instance else { preconditionFailure("a function was called without its instance") }
        return Unmanaged<OutsideDPSGD>.fromOpaque(instance).takeUnretainedValue()
    }
}

extension OutsideDPSGD.Arrival {
    fileprivate var vector: murmur_vector {
        murmur_vector(kind: MURMUR_VECTOR_RECEIVED.rawValue, number: 0, id: payload)
    }

    fileprivate func moved(to round: UInt64) -> Self { Self(sender: sender, round: round, payload: payload) }
}

extension murmur_term {
    fileprivate init(_ weight: Double, _ vector: murmur_vector, minus origin: murmur_vector? = nil) {
        self.init()
        (self.weight, self.vector) = (weight, vector)
        if let origin { (self.origin, has_origin) = (origin, 1) }
    }
}
