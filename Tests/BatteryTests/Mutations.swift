import Gossip
import Graphs
import Synchronization

/// Mistakes that people make in such algorithms, one of each.
extension Mutation {
    static let all: [Mutation] =
        mass + links + messages + mathematics + lives + habits + rounds + robust + guards

    // MARK: Mass

    private static let mass = [
        effects("mass is lost on sending", of: "gosgd") { _, effect in
            guard case .send(let vector, let part, var metadata, let peer, let id) = effect else { return [effect] }
            metadata.weight *= 0.9
            return [.send(vector, part: part, metadata: metadata, to: peer, id: id)]
        },
        events("mass is doubled on receipt", of: "gosgd") { _, event in
            guard case .received(let payload, var metadata, let peer) = event else { return event }
            metadata.weight *= 2
            return .received(payload, metadata: metadata, from: peer)
        },
        events("what comes back is not taken back", of: "gosgd") { _, event in
            if case .returned = event { nil } else { event }
        },
        // The vector and its weight are halved apart: the numerator stays whole.
        effects("the numerator is not halved with its weight", of: "sgp") { _, effect in
            if case .combine(.model, nil, let terms) = effect, terms.count == 1 { [] } else { [effect] }
        },
        Mutation(
            name: "the biased model is taken for the model", algorithm: "sgp",
            step: { _, event, _, base in base(event) },
            evaluated: { _ in Term(1, .model) }),
    ]

    // MARK: Links

    private static let links = [
        effects("mass is lost on sending over a link", of: "gosgd+open") { _, effect in
            guard case .send(let vector, let part, var metadata, let peer, let id) = effect else { return [effect] }
            metadata.weight *= 0.9
            return [.send(vector, part: part, metadata: metadata, to: peer, id: id)]
        },
        events("what a broken link returns is not taken back", of: "gosgd+open") { _, event in
            if case .returned = event { nil } else { event }
        },
        effects("a share goes twice over a link", of: "gosgd+open") { memory, effect in
            guard case .send(.some(let vector), let part, let metadata, let peer, let id) = effect else {
                return [effect]
            }
            memory.count += 1
            let again = MessageID(rawValue: id.rawValue | 1 << 40)
            return memory.count % 5 == 0
                ? [effect, .send(vector, part: part, metadata: metadata, to: peer, id: again)] : [effect]
        },
    ]

    // MARK: Messages

    private static let messages = [
        effects("a message is forgotten", of: "dpsgd") { memory, effect in
            guard case .send = effect else { return [effect] }
            memory.count += 1
            return memory.count == 9 ? [] : [effect]
        },
        effects("a reply is forgotten", of: "gossip-pull") { memory, effect in
            guard case .send(.some, _, _, _, _) = effect else { return [effect] }
            memory.count += 1
            return memory.count == 5 ? [] : [effect]
        },
        effects("a message is sent twice", of: "aeasgd") { memory, effect in
            guard case .send(.some(let vector), let part, let metadata, let peer, let id) = effect else {
                return [effect]
            }
            memory.count += 1
            let again = MessageID(rawValue: id.rawValue | 1 << 40)
            return memory.count % 5 == 0
                ? [effect, .send(vector, part: part, metadata: metadata, to: peer, id: again)] : [effect]
        },
        Mutation(name: "whatever comes is taken for this round's", algorithm: "dpsgd") { memory, event, _, base in
            var told = event
            if case .received(let payload, var metadata, let peer) = event {
                metadata.round = UInt64(memory.count)
                told = .received(payload, metadata: metadata, from: peer)
            }
            let effects = base(told)
            // A round ends by mixing.
            for case .combine(.model, _, _) in effects { memory.count += 1 }
            return effects
        },
        effects("everybody pushes to one peer", of: "gosgd") { memory, effect in
            guard memory.me != 0, case .send(let vector, let part, let metadata, _, let id) = effect else {
                return [effect]
            }
            return [.send(vector, part: part, metadata: metadata, to: 0, id: id)]
        },
        effects("a payload is never let go", of: "dpsgd") { memory, effect in
            guard case .release = effect else { return [effect] }
            memory.count += 1
            return memory.count == 7 ? [] : [effect]
        },
    ]

    // MARK: Mathematics

    private static let mathematics = [
        effects("a mixing weight is wrong", of: "dpsgd") { _, effect in
            guard case .combine(.model, let part, var terms) = effect, terms.count > 1 else { return [effect] }
            terms[0] = Term(terms[0].weight + 0.05, terms[0].vector)
            terms[1] = Term(terms[1].weight - 0.05, terms[1].vector)
            return [.combine(into: .model, part: part, terms)]
        },
        Mutation(name: "the step is taken before the mix", algorithm: "dpsgd") { _, event, _, base in
            var effects = base(event)
            guard let mix = effects.firstIndex(where: { if case .combine = $0 { true } else { false } }),
                let step = effects.firstIndex(of: .update)
            else { return effects }
            if mix < step {
                effects.remove(at: step)
                effects.insert(.update, at: mix)
            }
            return effects
        },
        effects("the tracker is not mixed", of: "gradient-tracking") { _, effect in
            guard case .combine(.named(0), _, let terms) = effect, terms.count > 1 else { return [effect] }
            let isMix = terms.contains { if case .received = $0.vector { true } else { false } }
            return isMix ? [] : [effect]
        },
        // The gradient is one of the model as it is when the gradient would be ready, not as it was when asked.
        effects("the gradient is taken at the biased model", of: "osgp") { _, effect in
            guard case .gradient = effect else { return [effect] }
            return [.gradient(at: Term(1, .model))]
        },
        effects("a gradient in ten is not applied", of: "adpsgd") { memory, effect in
            guard effect == .update else { return [effect] }
            memory.count += 1
            return memory.count % 10 == 0 ? [] : [effect]
        },
        Mutation(name: "the own gradient is taken for the average", algorithm: "allreduce") { _, event, _, base in
            let effects = base(event)
            return effects == [.average(.gradient)] ? base(.averaged(.gradient)) : effects
        },
        effects("a weight is no number", of: "gossip-pull") { memory, effect in
            guard case .combine(let target, let part, let terms) = effect else { return [effect] }
            memory.count += 1
            guard memory.count == 11 else { return [effect] }
            return [.combine(into: target, part: part, terms.map { Term(.nan, $0.vector) })]
        },
        effects("the answer is not the half of the way", of: "adpsgd") { _, effect in
            guard case .combine(.model, _, let terms) = effect, terms.count == 2, terms[1].origin != nil else {
                return [effect]
            }
            return [.combine(into: .model, part: nil, [terms[0], Term(terms[1].weight, terms[1].vector)])]
        },
        effects("a client's samples count for nothing", of: "fedavg") { _, effect in
            guard case .combine(.model, _, let terms) = effect, terms.count > 1 else { return [effect] }
            return [.combine(into: .model, part: nil, [Term(1, terms[0].vector)])]
        },
    ]

    // MARK: Churn

    private static let lives = [
        events("a crash is not heard of", of: "dpsgd") { _, event in
            if case .peerLeft = event { nil } else { event }
        },
        events("a return is not heard of", of: "fedavg") { _, event in
            if case .peerJoined = event { nil } else { event }
        },
        Mutation(name: "a crash that could be lived through is not", algorithm: "adpsgd") { _, event, _, base in
            guard case .peerLeft = event else { return base(event) }
            return base(event) + [.abandon("somebody died")]
        },
    ]

    // MARK: Habits

    private static let habits = [
        Mutation(name: "a run ends a step early", algorithm: "gosgd") { memory, event, _, base in
            if case .gradientReady = event { memory.count += 1 }
            return base(event).flatMap { effect -> [Effect] in
                guard case .gradient = effect, memory.count == 50 else { return [effect] }
                return [.finish]
            }
        },
        // Something outside of the value: a counter that all peers and all runs share.
        effects("a peer draws from what all share", of: "gosgd") { _, effect in
            guard case .send = effect else { return [effect] }
            let number = calls.withLock { calls -> Int in
                calls += 1
                return calls
            }
            guard number % 97 == 0, case .send(let vector, let part, let metadata, let peer, _) = effect else {
                return [effect]
            }
            return [
                .send(vector, part: part, metadata: metadata, to: peer, id: MessageID(rawValue: UInt64(number) << 20))
            ]
        },
        // In the one order the steps go by the quicker, in the other by the seed.
        Mutation(name: "the sum depends on who came first", algorithm: "sgp") { memory, event, _, base in
            if case .received(_, _, let peer) = event { memory.count = (memory.count * 7 + peer.rawValue) & 0xff }
            let isOdd = memory.count % 2 == 1
            return base(event).map { effect in
                guard case .combine(.model, let part, let terms) = effect, terms.count > 2, isOdd else { return effect }
                return .combine(into: .model, part: part, [terms[0]] + terms.dropFirst().reversed())
            }
        },
    ]

    private static let calls = Mutex(0)
}
