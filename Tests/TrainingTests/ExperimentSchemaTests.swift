import Configuration
import Experiments
import Foundation
import Models
import Testing
import Training

@Suite struct ExperimentSchemaTests {
    private func schema() throws -> [String: Any] {
        let bytes = Data(Experiment.schema(TestRegistries.all).text.utf8)
        return try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }

    /// The value at a path of keys and indices.
    private func at(_ path: String, in root: [String: Any]) -> Any? {
        path.split(separator: "/").reduce(root as Any?) { node, step in
            if let list = node as? [Any], let index = Int(step) {
                return list.indices.contains(index) ? list[index] : nil
            }
            return (node as? [String: Any])?[String(step)]
        }
    }

    @Test func hasThePlacesOfTheWrittenFile() throws {
        let schema = try schema()
        let properties = try #require(schema["properties"] as? [String: Any])
        let written = try load("").experiment.yaml.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(Set(properties.keys) == Set(written.map { String($0.prefix { $0 != ":" }) }))
        #expect(schema["additionalProperties"] as? Bool == false)
    }

    @Test func saysWhatIsAllowed() throws {
        let schema = try schema()
        #expect(at("properties/peers/minimum", in: schema) as? Int == 1)
        #expect(at("properties/peers/default", in: schema) as? Int == 4)
        #expect(at("properties/epochs/exclusiveMinimum", in: schema) as? Int == 0)
        #expect(at("properties/precision/enum", in: schema) as? [String] == ["fp32", "bf16"])
        #expect(at("properties/steps/anyOf/1/type", in: schema) as? String == "null")
        #expect(at("properties/data/unevaluatedProperties", in: schema) as? Bool == false)
        #expect(
            at("properties/algorithm/properties/name/enum", in: schema) as? [String]
                == ["centralized", "gosgd", "easgd"])
    }

    @Test func saysWhatASimulationMayBe() throws {
        let simulation = try #require(at("properties/simulation/properties", in: try schema()) as? [String: Any])
        #expect(at("latency/enum", in: simulation) as? [String] == ["constant", "normal", "heavy-tailed"])
        #expect(at("latency/default", in: simulation) as? String == "constant")
        #expect(at("latency_ms/minimum", in: simulation) as? Int == 0)
        #expect(at("bandwidth_mbit/minimum", in: simulation) as? Int == 0)
        #expect(at("loss/maximum", in: simulation) as? Int == 1)
        #expect(at("compute_trace_ms/items/minimum", in: simulation) as? Int == 0)
        #expect(at("faults/items/type", in: simulation) as? String == "object")
        let pattern = try #require(at("heal_at/anyOf/0/anyOf/1/pattern", in: simulation) as? String)
        #expect(at("heal_at/anyOf/0/anyOf/0/minimum", in: simulation) as? Int == 0)
        for text in ["2s", "500ms", "-1.5min", ".5h"] {
            #expect(text.range(of: pattern, options: .regularExpression) != nil, "\(text)")
            #expect(TimeSpan(text) != nil)
        }
        for text in ["2", "s", "2 s", "1e3s", "2sec", "2.s"] {
            #expect(text.range(of: pattern, options: .regularExpression) == nil, "\(text)")
            #expect(TimeSpan(text) == nil)
        }
    }

    /// A network of one's own: every kind of layer with its settings, lists of layers within layers, too.
    @Test func layersAreListed() throws {
        let bytes = Data(Experiment.schema(.all).text.utf8)
        let schema = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let model = try #require(at("properties/model/allOf", in: schema) as? [[String: Any]])
        let layers = model.first { at("if/properties/name/const", in: $0) as? String == "layers" }
        let reference = "#/$defs/layer"
        #expect(
            at("then/properties/layers/items/$ref", in: try #require(layers)) as? String == reference)
        let kinds = try #require(at("$defs/layer/anyOf", in: schema) as? [[String: Any]])
        let words = try #require(kinds[0]["enum"] as? [String])
        for description in LayerList.descriptions {
            let table = try #require(kinds.first { $0["required"] as? [String] == [description.name] })
            let properties = try #require(table["properties"] as? [String: Any])
            #expect(Set(properties.keys) == Set(description.options.map(\.name) + [description.name]))
            #expect(table["additionalProperties"] as? Bool == false)
            // A word stands alone exactly where it has no value.
            let hasValue = description.options.contains { $0.name == description.name }
            #expect(words.contains(description.name) != hasValue)
            #expect((at("\(description.name)/type", in: properties) as? String == "null") != hasValue)
        }
        let residual = try #require(kinds.first { $0["required"] as? [String] == ["residual"] })
        for branch in ["residual", "shortcut"] {
            #expect(at("properties/\(branch)/items/$ref", in: residual) as? String == reference)
        }
        #expect(kinds.count == LayerList.descriptions.count + 1)
    }

    @Test func optionsDependOnTheName() throws {
        let schema = try schema()
        let gosgd = "properties/algorithm/allOf/1"
        #expect(at("\(gosgd)/if/properties/name/const", in: schema) as? String == "gosgd")
        #expect(at("\(gosgd)/then/properties/probability/maximum", in: schema) as? Int == 1)
        // The default holds without a name, the others only with theirs.
        #expect(at("\(gosgd)/if/required", in: schema) == nil)
        #expect(at("properties/algorithm/allOf/2/if/required", in: schema) as? [String] == ["name"])
    }
}
