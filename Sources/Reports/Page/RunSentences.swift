import Records

/// What a run came to, in words: for those who do not see charts, and for those in a hurry.
struct RunSentences {
    let run: RunRecords

    var all: [String] { [outcome, crashes, course, talking, time].compactMap(\.self) }

    /// Which of several runs came to the best model, and which to the worst: each run's that it is judged by.
    static func ranking(_ runs: [RunRecords]) -> String? {
        let ends = runs.compactMap { run in
            run.tests.last?.evaluated?.accuracy.map { (label: run.label, accuracy: $0) }
        }
        guard ends.count > 1, let best = ends.max(by: { $0.accuracy < $1.accuracy }),
            let worst = ends.min(by: { $0.accuracy < $1.accuracy })
        else { return nil }
        return
            "Of \(Quantity.count(ends.count, "model")) that of \(best.label) was the most accurate "
            + "(\(Quantity.decimal(best.accuracy, 4))), that of \(worst.label) the least "
            + "(\(Quantity.decimal(worst.accuracy, 4)))."
    }

    /// What was trained by what, and how well.
    var outcome: String {
        let tests = run.tests
        let subject =
            run.summary.map {
                "\($0.algorithm) trained \($0.model) on \($0.data) with \(Quantity.count($0.peers, "peer"))"
            } ?? run.description
        guard let last = tests.last, let evaluated = last.evaluated else {
            return "\(subject); no model has been tested yet."
        }
        let model = last.server == nil ? "consensus" : "server's"
        var text = "\(subject). The \(model) model reached an accuracy of \(Quantity.decimal(evaluated.accuracy, 4))"
        text += " and a loss of \(Quantity.decimal(evaluated.loss, 4)) on the test samples"
        text += " after \(Quantity.duration(last.moment.time)) of training"
        text += " and \(Quantity.count(last.moment.samples)) samples"
        if last.server != nil {
            text += "; the average of the peers' models one of \(Quantity.decimal(last.consensus?.accuracy, 4))"
        }
        let accuracies = Band(over: last.peers.map(\.score.accuracy))
        if last.peers.count > 1, accuracies.middle != nil {
            text += "; the peers' own models lie between \(Quantity.decimal(accuracies.low, 4))"
            text += " and \(Quantity.decimal(accuracies.high, 4))"
        }
        return text + "."
    }

    /// When it was best, and how near the peers are to each other.
    private var course: String? {
        let tests = run.tests
        let best = tests.filter { $0.evaluated?.accuracy != nil }.max {
            ($0.evaluated?.accuracy ?? 0) < ($1.evaluated?.accuracy ?? 0)
        }
        guard let best, tests.count > 1 else { return nil }
        var text = "Its best accuracy was \(Quantity.decimal(best.evaluated?.accuracy, 4)), after "
        text += "\(Quantity.duration(best.moment.time)), in \(Quantity.count(tests.count)) tests"
        if let distance = tests.last?.distance, (tests.last?.peers.count ?? 0) > 1 {
            text += "; in the end the peers were \(Quantity.distance(distance)) from their average"
        }
        return text + "."
    }

    /// Which peers died, and when.
    private var crashes: String? {
        let dead = (run.summary?.perPeer ?? []).compactMap { peer in
            peer.diedAtSeconds.map { "peer \(peer.peer) after \(Quantity.duration($0))" }
        }
        guard !dead.isEmpty else { return nil }
        var text = "\(Quantity.count(dead.count, "peer")) died: \(dead.joined(separator: ", "))"
        if let lost = run.summary?.lostMass { text += "; a weight of \(Quantity.decimal(lost, 4)) was lost" }
        return text + ". They are in no average from then on."
    }

    private var talking: String? {
        guard let last = run.metrics.traffic.last else { return nil }
        guard last.messages > 0 else { return "No message was sent." }
        return "The peers sent each other \(Quantity.count(last.messages)) messages of "
            + "\(Quantity.bytes(last.bytes)) in all."
    }

    private var time: String? {
        guard let summary = run.summary, let peers = summary.perPeer, !peers.isEmpty else { return nil }
        let whole = peers.map(\.trainSeconds).reduce(0, +)
        guard whole > 0 else { return nil }
        func share(_ seconds: Double) -> String { Quantity.decimal(100 * seconds / whole, 1) + " %" }
        let updating = peers.map(\.updateSeconds).reduce(0, +)
        return "Of the peers' time \(share(summary.gradientSeconds)) went into gradients, \(share(updating)) into the "
            + "optimizer's steps, mixing and sending, and \(share(summary.waitingSeconds)) into waiting. All peers "
            + "together learned from \(Quantity.count(summary.samplesPerSecond)) samples a second."
    }
}
