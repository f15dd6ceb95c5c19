/// One quantity of all compared runs.
struct Chart: Sendable {
    var id: String
    var title: String
    var curves: [Curve]

    var isEmpty: Bool { curves.allSatisfy(\.points.isEmpty) }

    /// Rows that a chart may have: more are drawn slowly and look the same.
    static let rowLimit = 2000

    /// The charts of some runs.
    static func charts(of runs: [RunRecords]) -> [Chart] {
        // Each run has rows of its own: one for each test and one for each stretch of training.
        let limit = max(2, rowLimit / max(1, runs.count) / 2)
        let tests = runs.map { $0.tests.thinned(to: limit) }
        let training = runs.map { $0.training.thinned(to: limit) }
        func curves(_ value: KeyPath<Score, Double?>) -> [Curve] {
            runs.indices.flatMap { run -> [Curve] in
                let isAlone = Set(tests[run].flatMap { $0.peers.map(\.peer) }).count < 2
                var curves = [
                    curve(run, .consensus, tests[run].filter { $0.consensus != nil }) {
                        Band($0.consensus?[keyPath: value])
                    }
                ]
                curves.append(
                    curve(run, .server, tests[run].filter { $0.server != nil }) { Band($0.server?[keyPath: value]) })
                // A single peer is its own consensus.
                if !isAlone { curves.append(curve(run, .peers, tests[run]) { peers($0, value) }) }
                curves.append(curve(run, .training, training[run]) { peers($0, value) })
                return curves.filter { !$0.points.isEmpty }
            }
        }
        func peers(_ round: Round, _ value: KeyPath<Score, Double?>) -> Band {
            Band(over: round.peers.map { $0.score[keyPath: value] })
        }
        func curve(_ run: Int, _ kind: Curve.Kind, _ rounds: [Round], _ band: (Round) -> Band) -> Curve {
            let label =
                runs.count == 1
                ? kind.name
                : kind == .distance || kind == .rate ? runs[run].label : "\(runs[run].label): \(kind.shortName)"
            return Curve(run: run, kind: kind, label: label, points: rounds.map { ($0.moment, band($0)) })
        }
        let distances = runs.indices.map { run in
            curve(run, .distance, tests[run].filter { $0.distance != nil }) { Band($0.distance) }
        }
        let rates = runs.indices.map { run in
            curve(run, .rate, training[run].filter { $0.learningRate.middle != nil }, \.learningRate)
        }
        return [
            Chart(id: "accuracy", title: "Accuracy", curves: curves(\.accuracy)),
            Chart(id: "loss", title: "Loss", curves: curves(\.loss)),
            Chart(id: "distance", title: "Consensus distance", curves: distances.filter { !$0.points.isEmpty }),
            Chart(id: "learning-rate", title: "Learning rate", curves: rates.filter { !$0.points.isEmpty }),
        ]
    }
}
