import Gossip
import Graphs

/// Mistakes in rounds: scores, relays, outer steps, servers, pairs, corrections, chunks.
extension Mutation {
    static let rounds = [
        effects("a score is forgotten", of: "best-peer") { memory, effect in
            guard case .send(nil, _, _, _, _) = effect else { return [effect] }
            memory.count += 1
            return memory.count == 7 ? [] : [effect]
        },
        events("the worst is taken for the best", of: "best-peer") { _, event in
            if case .scored(let score) = event { .scored(-score) } else { event }
        },
        effects("only the own model is relayed", of: "relaysgd") { _, effect in
            guard case .combine(.named(1), let part, let terms) = effect else { return [effect] }
            return [.combine(into: .named(1), part: part, [terms[0]])]
        },
        effects("an outer step is skipped", of: "diloco") { memory, effect in
            guard case .combine(.model, _, let terms) = effect, terms.count == 3 else { return [effect] }
            memory.count += 1
            return memory.count == 3 ? [] : [effect]
        },
        effects("the server does not feel the last worker", of: "easgd") { _, effect in
            guard case .combine(.model, nil, let terms) = effect, case .received = terms[terms.count - 1].vector
            else { return [effect] }
            return [.combine(into: .model, part: nil, terms.dropLast())]
        },
        effects("the server adds everything twice", of: "downpour") { _, effect in
            guard case .combine(.model, nil, let terms) = effect, terms.count == 2, case .received = terms[1].vector
            else { return [effect] }
            return [.combine(into: .model, part: nil, [terms[0], Term(2, terms[1].vector)])]
        },
        effects("a partner's slow model counts for nothing", of: "noloco") { memory, effect in
            guard memory.me == 0, case .combine(.named(3), _, let terms) = effect, terms.count == 2 else {
                return [effect]
            }
            return [.combine(into: .named(3), part: nil, [Term(1, .named(0))])]
        },
        effects("one end of an edge goes further than the other", of: "powergossip") { memory, effect in
            guard memory.me == 0, case .mixProducts(let target, let factoring, let terms) = effect else {
                return [effect]
            }
            let longer = terms.map { ProductTerm(2 * $0.weight, $0.payload, of: $0.peer) }
            return [.mixProducts(into: target, factoring, longer)]
        },
        effects("what mixing did is not remembered", of: "d2") { _, effect in
            guard case .combine(.named(2), _, _) = effect else { return [effect] }
            return [.combine(into: .named(1), part: nil, [Term(0, .named(1))]), effect]
        },
        effects("a chunk's weight is not halved", of: "grsgd") { _, effect in
            guard case .send(let vector, let part, var metadata, let peer, let id) = effect else { return [effect] }
            metadata.weight *= 2
            return [.send(vector, part: part, metadata: metadata, to: peer, id: id)]
        },
    ]
}
