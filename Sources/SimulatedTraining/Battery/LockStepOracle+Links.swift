import Gossip
import Graphs

/// Mixing over links that compress, from the papers on CHOCO-SGD and in float64.
extension LockStepOracle {
    /// `x_i <- x_i + gamma sum over j of W_ij (y_j - y_i)`, where y_i is what i's neighbours know of it: what the
    /// messages so far made of its models. Models are sent before the gradient's step, or behind it.
    mutating func mixReplicas() {
        let isMixedFirst = battery.option("order") != "adapt-then-combine"
        // What the second of a pair knows of the first.
        var replicas: [[[Double]?]] = models.map { _ in models.map { _ in nil } }
        for round in 0..<battery.steps {
            let all = allGradients(at: models)
            if isMixedFirst { models = mixedByReplicas(&replicas, round) }
            for peer in models.indices { move(&models[peer], along: all[peer], at: round) }
            if !isMixedFirst { models = mixedByReplicas(&replicas, round) }
        }
    }

    private func mixedByReplicas(_ replicas: inout [[[Double]?]], _ round: UInt64) -> [[Double]] {
        let (mixing, rate) = (MixingMatrix(graph), battery.setting("compression.rate").flatMap(Double.init) ?? 1)
        for peer in models.indices {
            for receiver in mixing.receivers(of: PeerID(peer), round: round).map(\.rawValue) {
                replicas[peer][receiver] = told(models[peer], after: replicas[peer][receiver])
            }
        }
        var result = models
        for peer in models.indices {
            for entry in mixing.row(of: PeerID(peer), round: round) where entry.peer.rawValue != peer {
                guard let theirs = replicas[entry.peer.rawValue][peer], let own = replicas[peer][entry.peer.rawValue]
                else { continue }
                for number in own.indices {
                    result[peer][number] += rate * entry.weight * (theirs[number] - own[number])
                }
            }
        }
        return result
    }

    /// The replica after a message: the whole vector is the first one.
    private func told(_ model: [Double], after replica: [Double]?) -> [Double] {
        guard let replica else { return model }
        let difference = zip(model, replica).map { $0 - $1 }
        return zip(replica, compressed(difference)).map { $0 + $1 }
    }

    /// What a message keeps of a difference: of floats, halves of them and bytes nearly all.
    private func compressed(_ values: [Double]) -> [Double] {
        switch battery.setting("compression.name") {
        case "topk":
            let greatest = values.indices.max { (abs(values[$0]), $1) < (abs(values[$1]), $0) } ?? 0
            return values.indices.map { $0 == greatest ? values[$0] : 0 }
        case "sign":
            let mean = values.reduce(0) { $0 + abs($1) } / Double(values.count)
            return values.map { $0 < 0 ? -mean : mean }
        default: return values
        }
    }
}
