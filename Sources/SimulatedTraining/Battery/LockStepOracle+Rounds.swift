import Randomness

/// Rounds of peers that learn alone, around a server, in pairs or behind the best of them.
extension LockStepOracle {
    /// Local SGD.
    mutating func averageModels() {
        periods { oracle, _ in
            let mean = oracle.mean(oracle.models)
            oracle.models = oracle.models.map { _ in mean }
        }
    }

    /// SlowMo, each peer from the model that it began the period with. The paper has one rate a period; where there are
    /// several, their mean is what takes the rate out of the distance.
    mutating func slowMomentum() {
        let (alpha, beta) = (battery.number("slow_learning_rate"), battery.number("slow_momentum"))
        let period = UInt64(battery.number("period"))
        var (start, momentum) = (models, zeros)
        periods { oracle, round in
            let rates = (round * period..<(round + 1) * period).map(oracle.rate)
            let eta = rates.reduce(0, +) / Double(period)
            let mean = oracle.mean(oracle.models)
            if eta > 0 {
                momentum = oracle.sum((beta, momentum), (1 / eta, start), (-1 / eta, start.map { _ in mean }))
            }
            oracle.models = oracle.sum((1, start), (-alpha * eta, momentum))
            start = oracle.models
        }
    }

    /// DiLoCo with Nesterov's momentum.
    mutating func outerSteps() {
        let (rate, mu) = (0.7, battery.number("outer_momentum"))
        var (outer, momentum) = (models, zeros)
        periods { oracle, _ in
            let mean = oracle.mean(oracle.models)
            let delta = oracle.sum((1, outer), (-1, outer.map { _ in mean }))
            momentum = oracle.sum((mu, momentum), (1, delta))
            outer = oracle.sum((1, outer), (-rate, delta), (-rate * mu, momentum))
            oracle.models = outer
        }
    }

    /// NoLoCo: both of a pair come together and go along their mean distance.
    mutating func outerStepsInPairs() {
        let (rate, mu) = (0.7, battery.number("outer_momentum"))
        var (outer, momentum) = (models, zeros)
        periods { oracle, round in
            let order = oracle.order(ofRound: round)
            var (meanOuter, meanDelta) = (outer, oracle.sum((1, oracle.models), (-1, outer)))
            for place in stride(from: 0, to: order.count - 1, by: 2) {
                let pair = [order[place], order[place + 1]]
                let (pairOuter, pairDelta) = (
                    oracle.mean(pair.map { outer[$0] }), oracle.mean(pair.map { meanDelta[$0] })
                )
                for peer in pair { (meanOuter[peer], meanDelta[peer]) = (pairOuter, pairDelta) }
            }
            momentum = oracle.sum((mu, momentum), (rate, meanDelta), (rate, meanOuter), (-rate, outer))
            outer = oracle.sum((1, outer), (1, momentum))
            oracle.models = outer
        }
    }

    /// Synchronous EASGD, the server beginning where the first worker does.
    mutating func pullTogether() {
        let period = UInt64(battery.number("period"))
        var server = models[0]
        for step in 0..<battery.steps {
            let force =
                battery.option("rho") == nil
                ? battery.number("beta") / Double(models.count) : battery.number("rho") * rate(step)
            let all = allGradients(at: models)
            let before = models
            for peer in models.indices {
                move(&models[peer], along: all[peer], at: step)
                guard step % period == 0 else { continue }
                for number in server.indices {
                    models[peer][number] -= force * (before[peer][number] - server[number])
                }
            }
            guard step % period == 0 else { continue }
            server = server.indices.map { number in
                server[number] + force * before.reduce(0) { $0 + $1[number] - server[number] }
            }
        }
    }

    /// Synchronous pull or push gossip: averages with the next one in the circle, or with the one before.
    mutating func gossipInCycles(isPull: Bool) {
        let period = UInt64(battery.number("period"))
        let count = models.count
        for step in 0..<battery.steps {
            let all = allGradients(at: models)
            if (step + 1) % period == 0 {
                let (order, before) = (order(ofRound: step / period), models)
                for place in 0..<count {
                    let partner = order[(place + (isPull ? 1 : count - 1)) % count]
                    models[order[place]] = mean([before[order[place]], before[partner]])
                }
            }
            for peer in models.indices { move(&models[peer], along: all[peer], at: step) }
        }
    }

    /// Winner takes all, the first among equals.
    mutating func followTheBest() {
        let samples = UInt64(battery.number("samples"))
        var seen: UInt64 = 0
        for step in 0..<battery.steps {
            let all = allGradients(at: models)
            for peer in models.indices { move(&models[peer], along: all[peer], at: step) }
            seen += 1
            guard seen == samples || step + 1 == battery.steps else { continue }
            seen = 0
            let losses = models.map { model in
                battery.targets.reduce(0) { sum, target in
                    sum + battery.curvature * zip(model, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                }
            }
            let best = losses.indices.min { (losses[$0], $0) < (losses[$1], $1) } ?? 0
            let model = models[best]
            models = models.map { _ in model }
        }
    }

    /// Steps that each peer makes alone, and what happens to the models after every so many of them, in which round.
    private mutating func periods(_ finish: (inout LockStepOracle, UInt64) -> Void) {
        let period = UInt64(battery.number("period"))
        for step in 0..<battery.steps {
            let all = allGradients(at: models)
            for peer in models.indices { move(&models[peer], along: all[peer], at: step) }
            if (step + 1) % period == 0 { finish(&self, step / period) }
        }
    }

    /// The order of the peers that all draw alike for a round.
    private func order(ofRound round: UInt64) -> [Int] {
        var random = RandomStream(seed: battery.seed, purpose: .algorithm, peer: -1, round: round)
        return random.permutation(of: models.count)
    }
}
