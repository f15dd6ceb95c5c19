/// Momenta and corrections of mixing over the graph.
extension LockStepOracle {
    /// CDMSGD in its three variants.
    mutating func consensusMomentum() {
        let mu = battery.number("momentum")
        var velocity = zeros
        for round in 0..<battery.steps {
            let (mixed, eta) = (mixed(models, round), rate(round))
            switch battery.option("variant") {
            case "released-code":
                let all = allGradients(at: models)
                velocity = sum((mu, velocity), (-eta, all))
                models = sum((1, mixed), (mu, velocity), (-eta, all))
            case "polyak":
                let all = allGradients(at: models)
                velocity = sum((1, mixed), (-1, models), (mu, velocity), (-eta, all))
                models = sum((1, models), (1, velocity))
            default:
                let all = allGradients(at: sum((1, models), (mu, velocity)))
                velocity = sum((1, mixed), (-1, models), (mu, velocity), (-eta, all))
                models = sum((1, models), (1, velocity))
            }
        }
    }

    /// QG-DSGDm. No gradient can be told from a step of rate 0.
    mutating func quasiGlobalMomentum() {
        let mu = battery.number("momentum")
        var momentum = zeros
        for round in 0..<battery.steps {
            let eta = rate(round)
            let all = allGradients(at: models)
            let next = mixed(sum((1, models), (-eta * mu, momentum), (-eta, all)), round)
            if eta > 0 { momentum = sum((mu, momentum), ((1 - mu) / eta, models), (-(1 - mu) / eta, next)) }
            models = next
        }
    }

    /// DecentLaM. No gradient can be told from a step of rate 0.
    mutating func mixedMomentum() {
        let mu = battery.number("momentum")
        var momentum = zeros
        for round in 0..<battery.steps {
            let eta = rate(round)
            let all = allGradients(at: models)
            let mixed = mixed(sum((1, models), (-eta, all)), round)
            guard eta > 0 else {
                models = mixed
                continue
            }
            momentum = sum((mu, momentum), (1 / eta, models), (-1 / eta, mixed))
            models = sum((1, models), (-eta, momentum))
        }
    }

    /// D2, with two models and two gradients as in the paper.
    mutating func correct() {
        var (before, last, lastEta) = (models, zeros, 0.0)
        for round in 0..<battery.steps {
            let eta = rate(round)
            let all = allGradients(at: models)
            let next =
                round == 0
                ? sum((1, models), (-eta, all))
                : sum((2, models), (-1, before), (-eta, all), (lastEta, last))
            (before, last, lastEta) = (models, all, eta)
            models = mixed(next, round)
        }
    }

    /// Exact diffusion: adapt, correct, combine.
    mutating func diffuse() {
        var psi = models
        for round in 0..<battery.steps {
            let next = sum((1, models), (-rate(round), allGradients(at: models)))
            let phi = sum((1, next), (1, models), (-1, psi))
            psi = next
            models = sum((0.5, phi), (0.5, mixed(phi, round)))
        }
    }

    /// EXTRA.
    mutating func extrapolate() {
        var (before, last, lastEta) = (models, zeros, 0.0)
        for round in 0..<battery.steps {
            let eta = rate(round)
            let all = allGradients(at: models)
            let next =
                round == 0
                ? sum((1, mixed(models, round)), (-eta, all))
                : sum(
                    (1, models), (1, mixed(models, round)), (-0.5, before), (-0.5, mixed(before, round)),
                    (-eta, all), (lastEta, last))
            (before, last, lastEta) = (models, all, eta)
            models = next
        }
    }

    /// RelaySum, without relaying: a peer averages all models, that of a peer d edges away being d - 1 rounds old; in
    /// place of those from before the beginning it takes its own, or what it began with.
    mutating func relay() {
        let (start, peers) = (models, models.count)
        let isOwn = battery.option("missing") != "start"
        var steps: [[[Double]]] = []
        for round in 0..<Int(battery.steps) {
            steps.append(sum((1, models), (-rate(UInt64(round)), allGradients(at: models))))
            for peer in 0..<peers {
                for number in models[peer].indices {
                    let all = (0..<peers).map { other in
                        let age = max(0, distance(peer, other, ofNumber: number) - 1)
                        if age <= round { return steps[round - age][other][number] }
                        return isOwn ? steps[round][peer][number] : start[peer][number]
                    }
                    models[peer][number] = all.reduce(0, +) / Double(peers)
                }
            }
        }
    }

    /// Edges between two peers in the tree that carries that number; of two trees the first carries the first half.
    private func distance(_ first: Int, _ second: Int, ofNumber number: Int) -> Int {
        switch battery.option("tree") {
        case "binary": return heapDistance(first, second)
        case "double-binary":
            let last = models.count - 1
            let isFirst = number < models[0].count / 2
            return isFirst ? heapDistance(first, second) : heapDistance(last - first, last - second)
        default: return abs(first - second)
        }
    }

    /// Edges between two places of a heap, in which place k is below place (k - 1) / 2.
    private func heapDistance(_ first: Int, _ second: Int) -> Int {
        var (a, b, edges) = (first, second, 0)
        while a != b {
            if a > b { a = (a - 1) / 2 } else { b = (b - 1) / 2 }
            edges += 1
        }
        return edges
    }
}
