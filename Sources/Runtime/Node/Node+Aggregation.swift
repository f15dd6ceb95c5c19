import Gossip
import Vectors

/// Mixing by rules that do not believe all they hear.
extension Node {
    /// Carries out `Effect.aggregate`.
    mutating func aggregate(
        into target: Vector, by rule: AggregationRule, own: Term, _ others: [[Term]], memory: Vector?
    ) {
        let buckets = others.map { bucket in
            bucket.map { WeighedVector(snapshot($0.vector, nil), weight: $0.weight) }
        }
        let row = AggregationRow(own: snapshot(own.vector, nil), weight: own.weight, buckets: buckets, pool: pool)
        let result =
            switch rule {
            case .clipped(let radius): row.clipped(by: radius)
            case .trimmedMean(let byzantine): row.trimmedMean(byzantine: byzantine)
            case .median: row.median()
            case .geometricMedian(let steps, let smoothing): row.geometricMedian(steps: steps, smoothing: smoothing)
            case .krum(let byzantine, let best): row.krum(byzantine: byzantine, best: best)
            case .centredClipping(let radius):
                row.centred(at: snapshot(memory ?? own.vector, nil)).clipped(by: radius)
            case .ubar(let near, let share): row.blend(share: share, with: believed(row, near: near))
            }
        for vector in [target] + (memory.map { [$0] } ?? []) {
            vectors.combine(
                into: slot(vector), range: 0..<vectors.count,
                [VectorStore.Term(weight: 1, source: .payload(result))])
        }
    }

    /// Those of the nearest that score no worse than the own vector; where none does, the nearest alone.
    private func believed(_ row: AggregationRow, near: Double) -> [Payload] {
        guard let scorer else { preconditionFailure("peer \(me) has nothing to score its neighbours by") }
        let nearest = row.nearest(share: near)
        guard !nearest.isEmpty else { return [] }
        let own = scorer.score(row.own)
        // A score that is no number is not above any.
        let good = nearest.filter { scorer.score($0) >= own }
        return good.isEmpty ? row.nearest(share: 0) : good
    }
}

extension AggregationRow {
    fileprivate func clipped(by radius: ClippingRadius) -> Payload {
        switch radius {
        case .fixed(let length): clipped(radius: length, share: 0)
        case .practical(let share): clipped(radius: nil, share: share)
        }
    }
}
