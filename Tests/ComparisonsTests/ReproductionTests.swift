import Configuration
import Experiments
import Testing

@testable import Comparisons

@Suite struct ReproductionTests {
    private let small = """
        title: A table
        source: Somebody, 2020
        settings: { epochs: 1, peers: 2, optimizer.learning_rate: 0.1 }
        scales:
          smoke: { settings: { batch: 8 }, seeds: 2, smaller: all of it }
        tables:
          main:
            scales: { smoke: { vary: { batch: [4, 16] } } }
            measures: [accuracy, train_seconds]
            variants: { theirs: { settings: { common_start: false } }, ours: { settings: { } } }
            rows:
              GoSGD: { settings: { algorithm.name: gosgd }, published: { published: "0.9" } }
              D-PSGD: { settings: { algorithm.name: dpsgd }, variants: { ours: { topology.name: ring } } }
            figures: [{ show: loss, against: epochs, rows: [GoSGD] }]
        claims:
          - { says: It is so., measure: accuracy, order: ["main/GoSGD, batch 4/ours", 0.5], otherwise: Because. }
        reading: It is read so.
        """

    private func plan(_ yaml: String) throws -> ReproductionPlan {
        try ReproductionPlan(Reproduction(yaml: yaml, name: "it", file: "it.yaml"), scale: "smoke", registries: .all)
    }

    @Test(arguments: BuiltInReproductions.names)
    func theFilesOfTheProgramPlanEveryScale(_ name: String) throws {
        let text = try #require(BuiltInReproductions.text(name))
        let reproduction = try Reproduction(yaml: text, name: name, file: "Experiments/\(name).yaml")
        #expect(reproduction.scales.map(\.name) == ["smoke", "small", "paper"])
        for scale in reproduction.scales.map(\.name) {
            let plan = try ReproductionPlan(reproduction, scale: scale, registries: .all)
            #expect(!plan.runs.isEmpty)
            // A claim names values that the small scale varies; the others may vary other ones.
            let known = Set(plan.tables.flatMap { table in table.rows.map { "\(table.table.name)/\($0.name)" } })
            guard scale == "small" else { continue }
            for case .runs(let table, let row, _) in reproduction.claims.flatMap(\.terms) {
                #expect(known.contains("\(table)/\(row)"), "\(name) claims something of \(table)/\(row)")
            }
        }
    }

    @Test func rowsAreVariedAndVariantsAndSeedsAreRuns() throws {
        let plan = try plan(small)
        let table = try #require(plan.tables.first)
        #expect(table.rows.map(\.name) == ["GoSGD, batch 4", "GoSGD, batch 16", "D-PSGD, batch 4", "D-PSGD, batch 16"])
        #expect(table.rows.allSatisfy { $0.variants.map(\.count) == [2, 2] })
        #expect(plan.runs.count == 16)
        let run = table.rows[2].variants[1][1]
        #expect(
            run.settings.sorted() == [
                "algorithm.name=dpsgd", "batch=4", "epochs=1", "optimizer.learning_rate=0.1", "peers=2", "seed=2",
                "topology.name=ring",
            ])
    }

    /// Rows of several tables with the same settings are made once.
    @Test func aRunIsMadeOnce() throws {
        let twice = small.replacing("rows:\n", with: "rows:\n      again: { settings: { algorithm.name: gosgd } }\n")
        let plan = try plan(twice)
        #expect(plan.tables[0].rows.count == 6)
        #expect(Set(plan.runs.map { $0.settings.sorted() }).count == 16)
    }

    @Test(arguments: [
        ("title: A", "tittle: A", "did you mean 'title'?"),
        ("measures: [accuracy,", "measures: [acuracy,", "did you mean 'accuracy'?"),
        ("seeds: 2", "seeds: 0", "a number from 1 to 100"),
        ("scales: { smoke: { vary", "scales: { smok: { vary", "did you mean 'smoke'?"),
        ("show: loss", "show: los", "did you mean 'loss'?"),
        ("rows: [GoSGD]", "rows: [GoSG]", "did you mean 'GoSGD'?"),
        ("rows: [GoSGD] }", "rows: [GoSGD], logarithmic: yes }", "true or false"),
        ("main/GoSGD, batch 4", "man/GoSGD, batch 4", "did you mean 'main'?"),
        ("4/ours", "4/our", "did you mean 'ours'?"),
        ("order: [\"main/GoSGD, batch 4/ours\", 0.5]", "order: [0.5]", "two numbers or runs or more"),
    ])
    func whatIsWrongIsSaidWithItsPlace(_ from: String, _ to: String, _ part: String) throws {
        let text = small.replacing(from, with: to)
        #expect(text != small)
        let error = try #require(throws: ExperimentError.self) { try plan(text) }
        #expect("\(error)".hasPrefix("it.yaml:"), "\(error)")
        #expect("\(error)".contains(part), "\(error)")
    }

    @Test func wrongSettingsAreRefusedBeforeAnyRun() {
        #expect(throws: ExperimentError.self) { try plan(small.replacing("name: dpsgd", with: "name: dpsg")) }
        #expect(throws: ConfigurationError.self) {
            try ReproductionPlan(
                Reproduction(yaml: small, name: "it", file: "it.yaml"), scale: "paper", registries: .all)
        }
    }

    @Test func whatHasNotBeenRunIsNotClaimed() throws {
        let plan = try plan(small)
        let results = ReproductionResults(plan, plan.runs.map(RunOutcome.missing))
        let page = ReproductionPage(results, command: "murmur reproduce it", pictures: [])
        #expect(page.claims.map(\.verdict) == ["Not run at this scale."])
        #expect(page.markdown.contains("Not all runs have been made: 0 of 16 are over."))
        #expect(page.markdown.contains("| GoSGD, batch 4 | – | – | – | – | 0.9 |"))
    }

    @Test func claimsGoByTheOrderOfTheirTerms() throws {
        let accuracy = try #require(Measure.named("accuracy"))
        func verdict(_ terms: Claim.Term...) -> Bool? {
            Claim(text: "", measure: accuracy, terms: terms, otherwise: "").verdict { _, _, _ in [] }.holds
        }
        #expect(verdict(.number(1), .number(2), .number(3)) == true)
        #expect(verdict(.number(1), .number(1)) == false)
        #expect(verdict(.number(1), .number(3), .number(2)) == false)
        #expect(verdict(.number(1), .runs(table: "", row: "", variant: "")) == nil)
    }

    /// All are to be at most so far below the last, be they above it.
    @Test func aClaimMayBeThatAllAreNear() throws {
        let accuracy = try #require(Measure.named("accuracy"))
        func verdict(_ terms: Claim.Term...) -> Bool? {
            Claim(text: "", measure: accuracy, terms: terms, otherwise: "", within: 0.5).verdict { _, _, _ in [] }.holds
        }
        #expect(verdict(.number(1.5), .number(3), .number(2)) == true)
        #expect(verdict(.number(1.4), .number(3), .number(2)) == false)
        #expect(verdict(.number(2), .runs(table: "", row: "", variant: "")) == nil)
    }
}
