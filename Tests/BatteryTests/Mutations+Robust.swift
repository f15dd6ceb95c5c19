import Gossip

/// Mistakes in rules that do not believe all they hear.
extension Mutation {
    static let robust = [
        rule("nothing is trimmed") { rule, own in
            if case .trimmedMean = rule { (.trimmedMean(byzantine: 0), own) } else { (rule, own) }
        },
        rule("nothing is clipped") { rule, own in
            if case .clipped = rule { (.clipped(.fixed(.greatestFiniteMagnitude)), own) } else { (rule, own) }
        },
        rule("the own weight is left out") { rule, own in
            rule == .median ? (rule, Term(0, own.vector)) : (rule, own)
        },
        effects("a neighbour is not heard", of: "dpsgd+robust") { _, effect in
            guard case .aggregate(let target, let rule, let own, let others, let memory) = effect else {
                return [effect]
            }
            return [.aggregate(into: target, by: rule, own: own, Array(others.dropFirst()), memory: memory)]
        },
        effects("centred clipping forgets where it was", of: "dpsgd+robust") { _, effect in
            guard case .aggregate(let target, .centredClipping(let radius), let own, let others, _) = effect else {
                return [effect]
            }
            return [.aggregate(into: target, by: .centredClipping(radius), own: own, others, memory: nil)]
        },
    ]

    private static func rule(
        _ name: String, _ change: @escaping @Sendable (AggregationRule, Term) -> (AggregationRule, Term)
    ) -> Mutation {
        effects(name, of: "dpsgd+robust") { _, effect in
            guard case .aggregate(let target, let rule, let own, let others, let memory) = effect else {
                return [effect]
            }
            let (changed, term) = change(rule, own)
            return [.aggregate(into: target, by: changed, own: term, others, memory: memory)]
        }
    }
}
