import Gossip
import Graphs
import Randomness

/// The textbook recursions of algorithms whose peers wait for each other: matrices and loops in float64, without
/// messages. Written from the papers, not from the algorithms.
struct LockStepOracle {
    /// One row a learner.
    var models: [[Double]]
    let battery: BatteryCase
    let graph: Graph
    /// The learning rate of a step.
    let rate: (_ step: UInt64) -> Double
    /// Gradients that each learner has computed.
    private var gradients: [UInt64]

    /// - Parameter rate: the learning rate of a step; nil: always the case's.
    init(_ battery: BatteryCase, _ graph: Graph, rate: ((_ step: UInt64) -> Double)? = nil) {
        self.battery = battery
        self.graph = graph
        self.rate = rate ?? { _ in battery.rate }
        models = battery.starts
        gradients = [UInt64](repeating: 0, count: battery.peers)
    }

    /// `x_i <- x_i - eta (1/n) sum of g_j(x_j)`.
    mutating func averageGradients() {
        for step in 0..<battery.steps {
            let all = allGradients(at: models)
            let mean = models[0].indices.map { number in all.reduce(0) { $0 + $1[number] } / Double(all.count) }
            for peer in models.indices { move(&models[peer], along: mean, at: step) }
        }
    }

    /// One model that all peers have together: `x <- x - eta (1/m) sum over the m slots of g_j(x)`.
    mutating func averageSlots() {
        models = Array(models.prefix(Int(battery.number("peers_per_stage"))))
        averageGradients()
    }

    /// D-PSGD in either order; CDSGD.
    mutating func mixModels(afterSteps: Bool = false) {
        for round in 0..<battery.steps {
            let all = allGradients(at: models)
            let isMixedFirst = !afterSteps && battery.option("order") != "adapt-then-combine"
            if isMixedFirst { models = mixed(models, round) }
            for peer in models.indices { move(&models[peer], along: all[peer], at: round) }
            if !isMixedFirst { models = mixed(models, round) }
        }
    }

    /// Gradient tracking.
    mutating func track() {
        var trackers = models.map { $0.map { _ in 0.0 } }
        var last = trackers
        for round in 0..<battery.steps {
            let all = allGradients(at: models)
            for peer in models.indices {
                for number in all[peer].indices { trackers[peer][number] += all[peer][number] - last[peer][number] }
                move(&models[peer], along: trackers[peer], at: round)
            }
            last = all
            models = mixed(models, round)
            trackers = mixed(trackers, round)
        }
    }

    /// Stochastic gradient push by the columns of the matrix, or by equal shares where it is uniform; at the end
    /// models are the de-biased ones.
    mutating func push() {
        var weights = [Double](repeating: 1, count: models.count)
        for round in 0..<battery.steps {
            let all = allGradients(at: zip(models, weights).map { model, weight in model.map { $0 / weight } })
            for peer in models.indices { move(&models[peer], along: all[peer], at: round) }
            let before = (models, weights)
            for peer in models.indices {
                let receivers = graph.neighbours(of: PeerID(peer), round: round)
                for receiver in receivers {
                    let share =
                        graph.rule == .uniform
                        ? 1 / Double(receivers.count + 1)
                        : MixingMatrix(graph).dense(round: round)[receiver.rawValue][peer]
                    for number in models[peer].indices {
                        models[receiver.rawValue][number] += share * before.0[peer][number]
                        models[peer][number] -= share * before.0[peer][number]
                    }
                    weights[receiver.rawValue] += share * before.1[peer]
                    weights[peer] -= share * before.1[peer]
                }
            }
        }
        models = zip(models, weights).map { model, weight in model.map { $0 / weight } }
    }

    /// Federated averaging in which every client takes part in every round.
    mutating func averageClients() {
        let local = battery.algorithmOptions.contains("local_epochs=2") ? 2 : 1
        var server = models[0]
        for round in 0..<((Int(battery.steps) + local - 1) / local) {
            let clients = models.indices.map { client in
                var model = server
                for step in 0..<local {
                    move(&model, along: gradient(of: client, at: model), at: UInt64(round * local + step))
                }
                return model
            }
            server = server.indices.map { number in clients.reduce(0) { $0 + $1[number] } / Double(clients.count) }
        }
        models = models.map { _ in server }
    }

    /// The sum of all gradients that learners computed on their way, where these do not depend on the models, each as
    /// often as a momentum repeats it.
    static func sumOfGradients(_ battery: BatteryCase, momentum: Double) -> [Double] {
        var sum = [Double](repeating: 0, count: battery.starts[0].count)
        // How often the gradient of the step counts: 1 + mu + mu^2 + ... until the last step.
        var times = 0.0
        for step in (0..<battery.steps).reversed() {
            times = 1 + momentum * times
            for peer in 0..<battery.peers {
                let noise = battery.noise(of: peer, gradient: step)
                for number in sum.indices { sum[number] += times * noise[number] }
            }
        }
        return sum
    }

    func move(_ model: inout [Double], along gradient: [Double], at step: UInt64) {
        let eta = rate(step)
        for number in model.indices { model[number] -= eta * gradient[number] }
    }

    mutating func allGradients(at points: [[Double]]) -> [[Double]] {
        var all: [[Double]] = []
        for peer in points.indices { all.append(gradient(of: peer, at: points[peer])) }
        return all
    }

    mutating func gradient(of peer: Int, at point: [Double]) -> [Double] {
        let noise = battery.noise(of: peer, gradient: gradients[peer])
        gradients[peer] += 1
        return point.indices.map { battery.curvature * (point[$0] - battery.targets[peer][$0]) + noise[$0] }
    }

    func mixed(_ values: [[Double]], _ round: UInt64) -> [[Double]] {
        if battery.option("aggregation.name") != nil { return aggregated(values, round) }
        let mixing = MixingMatrix(graph)
        return values.indices.map { receiver in
            var sum = values[receiver].map { _ in 0.0 }
            for entry in mixing.row(of: PeerID(receiver), round: round) {
                for number in sum.indices { sum[number] += entry.weight * values[entry.peer.rawValue][number] }
            }
            return sum
        }
    }

    /// The average of rows.
    func mean(_ rows: [[Double]]) -> [Double] {
        rows[0].indices.map { number in rows.reduce(0) { $0 + $1[number] } / Double(rows.count) }
    }

    /// The weighted sum of several values for each peer.
    func sum(_ terms: (Double, [[Double]])...) -> [[Double]] {
        models.indices.map { peer in
            models[peer].indices.map { number in terms.reduce(0) { $0 + $1.0 * $1.1[peer][number] } }
        }
    }

    var zeros: [[Double]] { models.map { $0.map { _ in 0 } } }
}

extension BatteryCase {
    /// The noise on a learner's gradient of that number.
    func noise(of peer: Int, gradient: UInt64) -> [Double] {
        var random = RandomStream(seed: seed, purpose: .noise, peer: peer, round: gradient)
        return starts[peer].map { _ in noise > 0 ? noise * random.normal() : 0 }
    }
}
