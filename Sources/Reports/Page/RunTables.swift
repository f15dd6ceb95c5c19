import Records

/// The tables of a report.
enum RunTables {
    /// Rows up to which every test is shown.
    static let testLimit = 200

    /// The tests of a run: what its charts show, in numbers.
    static func tests(_ run: RunRecords) -> HTMLTable? {
        let all = run.tests
        guard !all.isEmpty else { return nil }
        let rounds = all.thinned(to: testLimit)
        let kept = rounds.count < all.count ? ", \(rounds.count) of \(all.count)" : ""
        return HTMLTable(
            caption: "Tests\(kept)",
            header: [
                "epoch", "step", "seconds", "samples", "sent", "accuracy", "mean of peers", "least", "most", "loss",
                "mean of peers", "distance",
            ],
            rows: rounds.map { round in
                let peers = round.peers.map(\.score)
                let accuracy = Band(over: peers.map(\.accuracy))
                return [
                    Quantity.decimal(round.moment.epoch, 2), Quantity.count(round.step),
                    Quantity.decimal(round.moment.time, 1),
                    Quantity.count(round.moment.samples), Quantity.bytes(round.moment.bytes),
                    Quantity.decimal(round.evaluated?.accuracy, 4), Quantity.decimal(accuracy.middle, 4),
                    Quantity.decimal(accuracy.low, 4), Quantity.decimal(accuracy.high, 4),
                    Quantity.decimal(round.evaluated?.loss, 4),
                    Quantity.decimal(Band(over: peers.map(\.loss)).middle, 4), Quantity.distance(round.distance),
                ]
            })
    }

    /// The ends of several runs side by side.
    static func comparison(_ runs: [RunRecords]) -> HTMLTable {
        HTMLTable(
            caption: "The runs side by side",
            header: [
                "run", "folder", "what", "accuracy", "peers, least", "peers, most", "loss", "distance", "training",
                "samples",
                "samples/s", "messages", "sent",
            ],
            rows: runs.map { run in
                let last = run.tests.last
                let accuracy = Band(over: (last?.peers.map(\.score.accuracy)) ?? [])
                let traffic = run.metrics.traffic.last
                return [
                    run.label, run.name, run.description, Quantity.decimal(last?.evaluated?.accuracy, 4),
                    Quantity.decimal(accuracy.low, 4), Quantity.decimal(accuracy.high, 4),
                    Quantity.decimal(last?.evaluated?.loss, 4), Quantity.distance(last?.distance),
                    last.map { Quantity.duration($0.moment.time) } ?? "–",
                    last.map { Quantity.count($0.moment.samples) } ?? "–",
                    run.summary.map { Quantity.count($0.samplesPerSecond) } ?? "–",
                    traffic.map { Quantity.count($0.messages) } ?? "–", traffic.map { Quantity.bytes($0.bytes) } ?? "–",
                ]
            }, words: 3)
    }

    /// The settings in which several runs differ; nil where there are none.
    static func differences(_ runs: [RunRecords]) -> HTMLTable? {
        var keys: [String] = []
        var seen: Set<String> = []
        for setting in runs.flatMap(\.settings) where seen.insert(setting.key).inserted { keys.append(setting.key) }
        let rows = keys.map { key in (key, runs.map { $0.setting(key) ?? "–" }) }.filter { Set($0.1).count > 1 }
        guard !rows.isEmpty else { return nil }
        return HTMLTable(
            caption: "Settings that differ", header: ["setting"] + runs.map(\.label),
            rows: rows.map { [$0.0] + $0.1 }, words: runs.count + 1)
    }

    /// Where a run took place, as far as it was recorded.
    static func facts(_ run: RunRecords) -> [(name: String, value: String)] {
        guard let environment = run.environment else { return [] }
        var facts = [
            ("processor", environment.processor), ("cores", Quantity.count(environment.cores)),
            ("instructions", environment.processorFeatures.joined(separator: " ")),
            ("memory", Quantity.bytes(Double(environment.memoryBytes))), ("kernel", environment.kernel),
            ("oneDNN", environment.oneDNNVersion ?? "–"), ("murmur", environment.version),
            ("begun", environment.started), ("command", environment.commandLine.joined(separator: " ")),
        ]
        if let summary = run.summary {
            facts.append(("memory in use, at most", Quantity.bytes(Double(summary.peakMemoryBytes))))
        }
        return facts
    }

    /// The same for several runs, side by side; nil where nothing was recorded.
    static func machines(_ runs: [RunRecords]) -> HTMLTable? {
        let columns = runs.map { run in Self.facts(run) }
        guard let longest = columns.max(by: { $0.count < $1.count }), !longest.isEmpty else { return nil }
        let rows = longest.map { fact -> [String] in
            [fact.name] + columns.map { column in column.first { $0.name == fact.name }?.value ?? "–" }
        }
        return HTMLTable(
            caption: "Where the runs took place", header: [""] + runs.map(\.label), rows: rows, words: runs.count + 1)
    }
}
