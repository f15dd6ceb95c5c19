import Experiments
import Testing

@testable import Comparisons

@Suite struct SettingAxisTests {
    @Test func valuesArePartedByCommasOutsideOfBrackets() throws {
        let axis = try SettingAxis("stragglers={0: 4, 1: 2},{}")
        #expect(axis.key == "stragglers")
        #expect(axis.values == ["{0: 4, 1: 2}", "{}"])
        #expect(try SettingAxis("model.hidden=[8, 8],[16]").values == ["[8, 8]", "[16]"])
    }

    @Test func numbersKeepTheirForm() throws {
        #expect(try SettingAxis("optimizer.learning_rate=1e-3,0.10").values == ["1e-3", "0.10"])
    }

    /// A text that YAML would take for something else is one again when it is read as an override.
    @Test(arguments: ["1e3", "true", "a, b", "null", "x: y"])
    func textsStayTexts(_ text: String) throws {
        let value = try #require(SettingAxis("data.path='\(text)'").values.first)
        let loaded = try LoadedExperiment(yaml: "", named: "", overrides: ["data.path=\(value)"], registries: .all)
        #expect(loaded.experiment.data.path == text)
    }

    @Test(arguments: ["peers", "=4", "peers=", "peers=4,4", "peers=[4"])
    func othersAreRefused(_ text: String) {
        #expect(throws: ExperimentError.self) { try SettingAxis(text) }
    }

    @Test func seedsMakeNoRows() throws {
        let axes = try ["seed=1,2", "simulation.seed=1,2", "peers=1,2"].map { try SettingAxis($0) }
        #expect(axes.map(\.isSeed) == [true, true, false])
    }
}
