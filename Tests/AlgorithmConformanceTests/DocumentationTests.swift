import Configuration
import Foundation
import Gossip
import Graphs
import SimulatedTraining
import Testing

/// The pages have a row for every algorithm, topology and mixing rule, and say what the code says.
@Suite struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: Algorithms.all) func everyAlgorithmHasItsRow(algorithm: Description) throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/algorithms.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter {
            $0.hasPrefix("| `\(algorithm.name)`") && $0.contains("](../Sources")
        }
        let cells = try #require(rows.first).split(separator: "|", omittingEmptySubsequences: false).map { cell in
            cell.trimmingCharacters(in: .whitespaces)
        }
        #expect(rows.count == 1 && cells.count == 7)
        let path = try #require(cells[2].firstMatch(of: /\(\.\.\/(.*\.swift)\)/)).output.1
        #expect(FileManager.default.fileExists(atPath: Self.root.appending(path: String(path)).path))
        let options = cells[3].matches(of: /`([a-z_]+)`/).map { String($0.output.1) }
        #expect(Set(options) == Set(algorithm.options.map(\.name)))
        let traits = Algorithms.traits(algorithm.name)
        #expect(traits.keepsStepWithNeighbours == ["all", "neighbours", "senders"].contains(cells[4]))
        guard algorithm.name != "centralized" else { return }
        let faultTolerance = traits.faultTolerance
        let first = cells[5].split(separator: ";").first ?? ""
        #expect(first.contains("crash") == faultTolerance.contains(.crash))
        #expect(first.contains("return") == faultTolerance.contains(.restart))
        #expect(first.contains("joining") == faultTolerance.contains(.join))
    }

    /// Every algorithm has one row of the table of cases, by which the battery, the traces and docs/results go.
    @Test func everyAlgorithmHasItsCase() throws {
        let names = Algorithms.all.map(\.name)
        #expect(BatteryRow.algorithms.map(\.algorithm).sorted() == names.sorted())
        for row in BatteryRow.all { #expect(names.contains(row.algorithm)) }
    }

    /// The page says which algorithms want plain steps.
    @Test func whoBringsAMomentumIsOnThePage() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/algorithms.md"), encoding: .utf8)
        let sentence = try #require(page.firstMatch(of: /(.*) have a momentum of their own/)).output.1
        let named = sentence.matches(of: /`([a-z0-9-]+)`/).map { String($0.output.1) }
        #expect(Set(named) == Set(Algorithms.all.map(\.name).filter { Algorithms.traits($0).bringsMomentum }))
    }

    /// The page has a table of what each algorithm promises, as the registry says it.
    @Test func whatIsPromisedIsOnThePage() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/algorithms.md"), encoding: .utf8)
        let kinds: [FaultTolerance] = [.loss, .duplication, .lateness, .crash, .restart, .join]
        func row(_ algorithm: String, _ variant: String = "", _ options: Options = Options()) -> String {
            let faultTolerance = Algorithms.traits(algorithm, options: options).faultTolerance
            let cells = kinds.map { faultTolerance.isSuperset(of: $0) ? "lived through" : "" }
            return "| `\(algorithm)`\(variant) | " + cells.joined(separator: " | ") + " |"
        }
        var rows: [String] = []
        for algorithm in Algorithms.all where algorithm.name != "centralized" {
            rows.append(row(algorithm.name))
            guard algorithm.options.contains(where: { $0.name == "synchronous" }) else { continue }
            rows.append(row(algorithm.name, ", `synchronous`", Options(["synchronous": .boolean(true)])))
        }
        let missing = rows.filter { !page.contains("\n\($0)\n") }
        #expect(missing == [], "docs/algorithms.md lacks:\n\(missing.joined(separator: "\n"))")
        #expect(page.matches(of: /\n\| `[^|]*\|( lived through \|| \|| {2}\|){6}(?=\n)/).count == rows.count)
    }

    @Test(arguments: Topologies.all.map(\.name) + MixingRule.allCases.map(\.rawValue))
    func everyTopologyAndRuleHasItsRow(name: String) throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/topologies.md"), encoding: .utf8)
        #expect(page.split(separator: "\n").filter { $0.hasPrefix("| `\(name)` |") }.count == 1)
    }
}
