import Records

/// A network that is divided among the peers: who holds what, and what each computed when.
struct StageSection {
    let run: RunRecords

    var markup: Markup {
        let stages = run.metrics.stages
        let spans = ComputedSpans(run.metrics.spans)
        let table: Markup = stages.isEmpty ? "" : table(stages).markup
        guard let spans else { return table }
        let picture = StageTimeline(spans: spans, stages: stages, idleShares: idleShares).markup
        return """
            \(table)\(picture)<p class="note">The latest stretch that the records of all peers tell of: each records
            the first few hundred times that it computed. Idle is the share of its time in the whole run in which it
            computed nothing.</p>

            """
    }

    private func table(_ stages: [StageRecord]) -> HTMLTable {
        HTMLTable(
            caption: "Stages", header: ["stage", "layers", "peers", "split by", "parameters"],
            rows: stages.map { stage in
                [
                    "\(stage.stage)", stage.layers, Self.ranges(stage.peers), stage.split,
                    Quantity.count(stage.parameters),
                ]
            }, words: 4)
    }

    /// Numbers with those that follow each other drawn together: `0–9, 12`.
    static func ranges(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, number - 1 == last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
            .joined(separator: ", ")
    }

    /// What of each peer's time of training was not spent computing.
    private var idleShares: [Int: Double] {
        let peers = (run.summary?.perPeer ?? []).filter { $0.trainSeconds > 0 }
        return Dictionary(peers.map { ($0.peer, $0.idleShare) }) { first, _ in first }
    }
}
