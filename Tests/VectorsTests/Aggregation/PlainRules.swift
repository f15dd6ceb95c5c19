import Randomness

/// The rules as anybody would write them from the papers, in float64; and with mistakes, to see that they are told
/// apart.
struct PlainRules {
    var own: [Double]
    var ownWeight: Double
    var others: [(weight: Double, value: [Double])]
    /// Trims the greatest alone.
    var trimsOneSide = false
    /// Brings every difference to the radius, be it shorter.
    var clipsWithoutMinimum = false

    /// Random vectors, all of one weight, in which some numbers are equal to others.
    init(peers: Int, length: Int, seed: UInt64) {
        var random = RandomStream(seed: seed, purpose: .test, peer: peers, round: UInt64(length))
        // Of tenths, so that there are ties.
        func row() -> [Double] {
            (0..<length).map { _ in Double(Float((random.uniform(from: -2, to: 2) * 10).rounded() / 10)) }
        }
        let share = 1 / Double(peers)
        own = row()
        ownWeight = share
        others = (1..<peers).map { _ in (share, row()) }
    }

    var all: [(weight: Double, value: [Double])] { (ownWeight > 0 ? [(ownWeight, own)] : []) + others }

    func length(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    /// `own + sum of weight x (value - own)`.
    func moved(_ moves: [(weight: Double, value: [Double])]) -> [Double] {
        own.indices.map { number in own[number] + moves.reduce(0) { $0 + $1.weight * ($1.value[number] - own[number]) }
        }
    }

    func clipped(_ radius: Double) -> [Double] {
        moved(
            others.map { other in
                let distance = length(other.value, own)
                let share = radius / distance
                return (other.weight * (clipsWithoutMinimum ? share : min(1, share)), other.value)
            })
    }

    func trimmedMean(_ byzantine: Int) -> [Double] {
        own.indices.map { number in
            let sorted = all.map { $0.value[number] }.sorted()
            let kept = sorted.dropFirst(trimsOneSide ? 0 : byzantine).dropLast(byzantine)
            return kept.reduce(0, +) / Double(kept.count)
        }
    }

    func median() -> [Double] {
        own.indices.map { number in
            let sorted = all.map { $0.value[number] }.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
    }

    func geometricMedian(_ steps: Int, _ smoothing: Double) -> [Double] {
        var point = median()
        for _ in 0..<steps {
            let weights = all.map { $0.weight / max(length($0.value, point), smoothing) }
            let sum = weights.reduce(0, +)
            point = point.indices.map { number in zip(weights, all).reduce(0) { $0 + $1.0 * $1.1.value[number] } / sum }
        }
        return point
    }

    /// The mean of the best.
    func krum(_ byzantine: Int, best: Int) -> [Double] {
        let all = all
        let scores = all.indices.map { place in
            all.indices.filter { $0 != place }.map { length(all[$0].value, all[place].value) }.map { $0 * $0 }.sorted()
                .prefix(all.count - byzantine - 2).reduce(0, +)
        }
        let order = all.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(best)
        return own.indices.map { number in order.reduce(0) { $0 + all[$1].value[number] } / Double(best) }
    }
}
