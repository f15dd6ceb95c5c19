import Foundation
import Records

/// The page of a reproduction: ours beside theirs, what of the claims holds, and how to read it.
public struct ReproductionPage: Sendable {
    let results: ReproductionResults
    let command: String
    private let pictures: [(table: String, file: String)]

    /// - Parameters:
    ///   - command: what made it.
    ///   - pictures: the names of picture files beside the page, and of the tables that they belong to.
    public init(_ results: ReproductionResults, command: String, pictures: [(table: String, file: String)]) {
        self.results = results
        self.command = command
        self.pictures = pictures
    }

    private var plan: ReproductionPlan { results.plan }

    /// The whole page in Markdown.
    public var markdown: String {
        let tables = plan.tables.filter { !$0.rows.isEmpty }.map(section)
        let claims = claims.map { "- **\($0.verdict)** \($0.sentence)\n" }.joined()
        let reading = plan.reproduction.reading.trimmed
        let parts =
            ["# \(plan.reproduction.title)\n", plan.reproduction.source.trimmed + "\n"] + facts.map { $0 + "\n" }
            + tables + (claims.isEmpty ? [] : ["## What is claimed\n\n\(claims)"])
            + (reading.isEmpty ? [] : ["## How to read it\n\n\(reading)\n"])
        return parts.joined(separator: "\n")
    }

    /// Where and by what it was made, and how much smaller than in the paper.
    var facts: [String] {
        let runs = results.finished
        let machines = Set(runs.compactMap(\.environment).map { "\($0.processor), \($0.cores) cores" }).sorted()
        let versions = Set(runs.compactMap(\.environment?.version)).sorted()
        let seeds = plan.scale.seeds == 1 ? "seed 1" : "seeds 1 to \(plan.scale.seeds), mean ± standard deviation"
        let samples = runs.reduce(0) { $0 + $1.summary.samplesSeen }
        let smaller = plan.scale.smaller.trimmed
        return [
            "Made by `\(command)`, murmur \(versions.joined(separator: " and ")), on "
                + "\(machines.joined(separator: " and ")); times are \(plan.reproduction.host.clock); \(seeds); "
                + "\(samples) samples in \(runs.count) runs.",
            smaller.isEmpty ? "" : "Smaller than in the paper: \(smaller)",
            results.isWhole ? "" : "Not all runs have been made: \(runs.count) of \(plan.runs.count) are over.",
        ].filter { !$0.isEmpty }
    }

    private func section(_ planned: ReproductionPlan.PlannedTable) -> String {
        let table = results.table(planned)
        let remarks = table.rows.flatMap(\.remarks).map { "- \(TableFormat.escapedForMarkdown($0))\n" }.joined()
        let pictures = pictures.filter { $0.table == planned.table.name }.map { "![\($0.file)](\($0.file))\n" }
        let parts = [
            planned.table.title.isEmpty ? "" : "## \(planned.table.title)\n",
            planned.table.note.isEmpty ? "" : planned.table.note.trimmed + "\n",
            TableFormat.markdown.text(of: table), remarks,
        ]
        return (parts + pictures).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Each claim with what became of it, by the records of the runs alone.
    var claims: [(verdict: String, sentence: String)] {
        results.verdicts.map { claim, verdict in
            let numbers = "(\(claim.measure.title): \(verdict.numbers))"
            switch verdict.holds {
            case true?: return ("Holds.", "\(claim.text.trimmed) \(numbers)")
            case false?:
                let reason = claim.otherwise.isEmpty ? "We do not know why." : claim.otherwise.trimmed
                return ("Does not hold here.", "\(claim.text.trimmed) \(numbers) \(reason)")
            case nil: return ("Not run at this scale.", claim.text.trimmed)
            }
        }
    }
}

extension String {
    /// Without white space at either end.
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
