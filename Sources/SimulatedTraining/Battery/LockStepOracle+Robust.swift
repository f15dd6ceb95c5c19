import Graphs

/// Rows mixed by rules that do not believe all they hear, from their papers and in float64.
extension LockStepOracle {
    /// D-PSGD in either order, or CDSGD, by a rule that may remember what it gave.
    mutating func mixRobustly() {
        let isMixedFirst = battery.option("order") != "adapt-then-combine"
        var memory: [[Double]]?
        for round in 0..<battery.steps {
            let all = allGradients(at: models)
            if isMixedFirst {
                models = aggregated(models, round, around: memory)
                memory = models
            }
            for peer in models.indices { move(&models[peer], along: all[peer], at: round) }
            if !isMixedFirst {
                models = aggregated(models, round, around: memory)
                memory = models
            }
        }
    }

    /// What the case's rule makes of each row.
    ///
    /// - Parameter memory: what it gave in the round before; nil in the first.
    func aggregated(_ values: [[Double]], _ round: UInt64, around memory: [[Double]]? = nil) -> [[Double]] {
        let mixing = MixingMatrix(graph)
        return values.indices.map { peer in
            let row = mixing.row(of: PeerID(peer), round: round).filter { $0.peer.rawValue != peer }
            let others = row.map { (weight: $0.weight, value: values[$0.peer.rawValue]) }
            return aggregate(values[peer], others, around: memory?[peer] ?? values[peer])
        }
    }

    private typealias Weighed = (weight: Double, value: [Double])

    private func aggregate(_ own: [Double], _ others: [Weighed], around memory: [Double]) -> [Double] {
        let all = [(weight: 1 - others.reduce(0) { $0 + $1.weight }, value: own)] + others
        switch battery.option("aggregation.name") {
        case "clipped": return clipped(own, others)
        case "centred-clipping":
            return clipped(memory, all.map { (weight: 1 / Double(all.count), value: $0.value) })
        case "trimmed-mean":
            let trimmed = Int(battery.number("aggregation.byzantine"))
            return own.indices.map { number in
                let kept = all.map { $0.value[number] }.sorted().dropFirst(trimmed).dropLast(trimmed)
                return kept.reduce(0, +) / Double(kept.count)
            }
        case "median": return median(all)
        case "geometric-median": return geometricMedian(all)
        default: preconditionFailure("\(battery) has no rule that is written here")
        }
    }

    private func distance(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    private func clipped(_ point: [Double], _ others: [Weighed]) -> [Double] {
        let radius = battery.option("aggregation.tau").map { Double($0) ?? .infinity } ?? practicalRadius(point, others)
        var result = point
        for other in others {
            let length = distance(other.value, point)
            let share = length > radius ? radius / length : 1
            for number in result.indices {
                result[number] += other.weight * share * (other.value[number] - point[number])
            }
        }
        return result
    }

    /// The most distant, of at least the weight that may be byzantine, are clipped to the next one.
    private func practicalRadius(_ point: [Double], _ others: [Weighed]) -> Double {
        let far = others.map { (weight: $0.weight, length: distance($0.value, point)) }.sorted { $0.length > $1.length }
        var weight = 0.0
        for other in far {
            if weight >= battery.number("aggregation.byzantine") - 1e-9 { return other.length }
            weight += other.weight
        }
        return far.last?.length ?? 0
    }

    private func median(_ all: [Weighed]) -> [Double] {
        all[0].value.indices.map { number in
            let sorted = all.map { $0.value[number] }.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
    }

    private func geometricMedian(_ all: [Weighed]) -> [Double] {
        var point = median(all)
        for _ in 0..<8 {
            let weights = all.map { $0.weight / max(distance($0.value, point), 0.1) }
            let sum = weights.reduce(0, +)
            point = point.indices.map { number in
                zip(weights, all).reduce(0) { $0 + $1.0 * $1.1.value[number] } / sum
            }
        }
        return point
    }
}
