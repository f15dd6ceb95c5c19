import CMurmur
import Gossip
import Graphs
import Randomness

/// Effects that name vectors.
extension EffectsDesk {
    func gradient(_ flat: murmur_effect) throws(EffectRefusal) {
        try refuseComputing()
        try refuseServer()
        guard !ledger.hasFinished else { throw EffectRefusal("a gradient is asked for after the algorithm's finish") }
        let terms = try terms(flat, into: nil, part: nil)
        guard terms.count == 1, terms[0].part == nil, terms[0].origin == nil, terms[0].vector.isOwn,
            terms[0].vector != .gradient
        else { throw EffectRefusal("a gradient is taken at a number times one of the peer's own vectors, the whole") }
        ledger.isComputing = true
        effects.gradient(at: terms[0])
    }

    func direction(_ flat: murmur_effect) throws(EffectRefusal) {
        try refuseComputing()
        try refuseServer()
        let (target, point) = (try own(flat.vector), try own(flat.point))
        guard let along = Vector(flat.along), along.isOwn else {
            throw EffectRefusal("a direction goes along the gradient, or another of the peer's own vectors")
        }
        guard along == .gradient || traits.readsGradient else {
            throw EffectRefusal("set reads_gradient of an algorithm whose steps go along another vector")
        }
        guard target != point, target != along else {
            throw EffectRefusal("a direction is written to one of the vectors that it is made of; name a third one")
        }
        effects.direction(at: point, along: along, into: target)
    }

    func combine(_ flat: murmur_effect) throws(EffectRefusal) {
        let (target, part) = (try own(flat.vector), try part(flat.part))
        let terms = try terms(flat, into: target, part: part)
        guard Set(terms.compactMap(\.origin)).count <= 1 else {
            throw EffectRefusal("differences in one combination are all taken from the same vector")
        }
        effects.combine(into: target, part: part, terms)
    }

    func noise(_ flat: murmur_effect) throws(EffectRefusal) {
        guard flat.deviation >= 0, flat.deviation.isFinite else {
            throw EffectRefusal("\(flat.deviation) is no standard deviation")
        }
        let stream = RandomStream(
            seed: flat.seed, purpose: .algorithm, peer: setup.me.rawValue, round: flat.metadata.round)
        effects.append(.noise(into: try own(flat.vector), deviation: flat.deviation, stream))
    }

    func aggregate(_ flat: murmur_effect) throws(EffectRefusal) {
        let target = try own(flat.vector)
        let terms = try terms(flat, into: target, part: nil)
        guard let first = terms.first, terms.allSatisfy({ $0.origin == nil && $0.part == nil }) else {
            throw EffectRefusal("a rule is given whole vectors without origins, the own one first")
        }
        let bucket = Int(clamping: max(flat.bucket, 1))
        let others = Array(terms.dropFirst())
        let buckets = stride(from: 0, to: others.count, by: bucket).map {
            Array(others[$0..<min($0 + bucket, others.count)])
        }
        let memory = flat.has_memory != 0 ? try own(flat.memory) : nil
        let rule = try rule(flat, memory)
        effects.aggregate(into: target, by: rule, own: first, buckets, memory: memory)
    }

    func send(_ flat: murmur_effect) throws(EffectRefusal) -> UInt64 {
        let nodes = setup.peers + traits.servers
        guard flat.peer < nodes, Int(flat.peer) != setup.me.rawValue else {
            throw EffectRefusal("peer \(flat.peer) is nobody whom peer \(setup.me) could send to; there are \(nodes)")
        }
        guard flat.metadata.weight.isFinite else { throw EffectRefusal("a message carries no finite weight") }
        let vector = flat.has_vector != 0 ? try readable(flat.vector) : nil
        let part = try part(flat.part)
        guard part == nil || vector?.isOwn == true else {
            throw EffectRefusal("what was received is passed on whole, and a message without vector has no part")
        }
        return effects.send(
            vector, part: part, metadata: Metadata(flat.metadata), to: PeerID(Int(flat.peer))
        ).rawValue
    }

    func vectors(_ flat: murmur_effect, besides target: Vector?) throws(EffectRefusal) -> [Vector] {
        let vectors = try terms(flat, into: target, part: nil).map(\.vector)
        guard !vectors.isEmpty, target.map({ !vectors.contains($0) }) ?? true else {
            throw EffectRefusal("name some vectors, and none of them to be written")
        }
        return vectors
    }

    private func terms(_ flat: murmur_effect, into target: Vector?, part: Part?) throws(EffectRefusal) -> [Term] {
        var terms: [Term] = []
        for term in UnsafeBufferPointer(lent: flat.terms, count: flat.term_count) {
            let vector = try readable(term.vector)
            let own = try self.part(term.part)
            // What came is as long as what it is mixed into, or it would have been sent otherwise.
            guard vector.isOwn ? own == part : own == nil else {
                throw EffectRefusal("terms are of the same part as what is made of them, and what came has none")
            }
            terms.append(
                Term(term.weight, vector, part: own, minus: term.has_origin != 0 ? try readable(term.origin) : nil))
        }
        return terms
    }

    func part(_ flat: murmur_part) throws(EffectRefusal) -> Part? {
        guard flat.count > 0 else { return nil }
        guard flat.index < flat.count else { throw EffectRefusal("there is no part \(flat.index) of \(flat.count)") }
        return Part(Int(flat.index), of: Int(flat.count))
    }

    /// One of the peer's own vectors.
    func own(_ flat: murmur_vector) throws(EffectRefusal) -> Vector {
        let vector = try readable(flat)
        guard vector.isOwn else { throw EffectRefusal("what came in a message is read only; name another vector") }
        return vector
    }

    /// A vector that can be named now.
    func readable(_ flat: murmur_vector) throws(EffectRefusal) -> Vector {
        guard let vector = Vector(flat) else {
            throw EffectRefusal("there is no vector of kind \(flat.kind) and number \(flat.number)")
        }
        switch vector {
        case .gradient:
            try refuseComputing()
            guard traits.readsGradient else {
                throw EffectRefusal("set reads_gradient of an algorithm that names the gradient itself")
            }
        case .received(let payload):
            guard payload == arrived || ledger.kept.contains(payload) || released.contains(payload) else {
                throw EffectRefusal("payload \(payload.rawValue) is not there; keep what is needed later")
            }
        case .told:
            guard setup.hasReplicas else { throw EffectRefusal("links do not compress here, so nobody keeps replicas") }
        case .model, .named: break
        }
        return vector
    }

    func refuseComputing() throws(EffectRefusal) {
        guard ledger.isComputing else { return }
        throw EffectRefusal("the gradient is being computed; wait for the event that it is ready")
    }

    /// A server has neither data nor an optimizer, and no part in averages over all learners.
    func refuseServer() throws(EffectRefusal) {
        if setup.isServer { throw EffectRefusal("a server computes no gradient, makes no step and is in no average") }
    }

    private func rule(_ flat: murmur_effect, _ memory: Vector?) throws(EffectRefusal) -> AggregationRule {
        let (first, second) = flat.numbers
        guard first.isFinite, second.isFinite, abs(first) < 1e9, abs(second) < 1e9 else {
            throw EffectRefusal("the numbers of a rule are finite, and less than 1e9")
        }
        let radius = second == 1 ? ClippingRadius.practical(byzantineShare: first) : .fixed(first)
        switch Int(flat.rule) {
        case Int(MURMUR_RULE_CLIPPED.rawValue): return .clipped(radius)
        case Int(MURMUR_RULE_TRIMMED_MEAN.rawValue): return .trimmedMean(byzantine: Int(first))
        case Int(MURMUR_RULE_MEDIAN.rawValue): return .median
        case Int(MURMUR_RULE_GEOMETRIC_MEDIAN.rawValue):
            return .geometricMedian(steps: Int(first), smoothing: second)
        case Int(MURMUR_RULE_KRUM.rawValue):
            return .krum(byzantine: Int(first), best: second == 0 ? nil : Int(second))
        case Int(MURMUR_RULE_CENTRED_CLIPPING.rawValue):
            guard memory != nil else { throw EffectRefusal("centred clipping needs a vector for its memory") }
            return .centredClipping(radius)
        case Int(MURMUR_RULE_UBAR.rawValue): return .ubar(near: first, own: second)
        default: throw EffectRefusal("\(flat.rule) is no rule; see enum murmur_rule")
        }
    }
}
