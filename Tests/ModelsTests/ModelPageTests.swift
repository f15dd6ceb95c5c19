import Configuration
import Foundation
import Models
import Testing
import Vectors

/// docs/models.md says of every network what the code says.
@Suite struct ModelPageTests {
    private struct Row {
        let name: String
        let options: [String]
        let images: [Int]
        let parameters: Int
    }

    private func rows() throws -> [Row] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/models.md"), encoding: .utf8)
        return try page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 5)
            return Row(
                name: String(cells[0].dropFirst().dropLast()),
                options: cells[2].matches(of: /`([a-z_]+)`/).map { String($0.output.1) },
                images: cells[3].split(separator: " x ").compactMap { Int($0) },
                parameters: try #require(Int(cells[4].replacing(",", with: ""))))
        }
    }

    @Test func everyRowIsTrue() throws {
        for row in try rows() {
            let description = try #require(ModelRegistry.descriptions.first { $0.name == row.name }, "\(row.name)")
            #expect(description.options.map(\.name) == row.options + ["classes", "label_smoothing"], "\(row.name)")
            #expect(try ModelRegistry.usualImages(of: row.name) == row.images)
            let network = try ModelRegistry.network(
                row.name, inputShape: row.images, classes: row.images.last == 224 ? 1000 : 10)
            #expect(network.layout.count == row.parameters, "\(row.name)")
        }
    }

    /// Of the models that need nothing but data.
    @Test func everyModelHasItsRow() throws {
        let names = ModelRegistry.descriptions.map(\.name).filter { name in
            (try? ModelRegistry.network(name, inputShape: [3, 64, 64], classes: 10)) != nil
        }
        #expect(names.count >= 22)
        #expect(Set(try rows().map(\.name)) == Set(names))
    }
}
