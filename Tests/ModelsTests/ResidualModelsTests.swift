import Configuration
import Models
import Testing
import Vectors

@Suite struct ResidualModelsTests {
    private func network(_ name: String, _ options: [String: OptionValue] = [:]) throws -> Network {
        try ModelRegistry.network(name, options: Options(options), inputShape: [3, 32, 32], classes: 10)
    }

    @Test func namesAreTorchvisionsInTheirOrder() throws {
        let names = try network("resnet18").layout.entries.map(\.name)
        #expect(names.prefix(4) == ["conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight"])
        #expect(names.suffix(3) == ["layer4.1.bn2.bias", "fc.weight", "fc.bias"])
        let block = names.filter { $0.hasPrefix("layer2.0.") }.map { String($0.dropFirst("layer2.0.".count)) }
        #expect(
            block == [
                "conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight", "bn2.bias",
                "downsample.0.weight", "downsample.1.weight", "downsample.1.bias",
            ])
        #expect(!names.contains { $0.hasPrefix("layer1.0.downsample") })
        #expect(try network("resnet18").statistics["layer2.0.downsample.1.running_var"]?.shape == [128])
    }

    /// As many as PyTorch counts in the same modules.
    @Test(arguments: [("resnet20", 272_474), ("resnet18", 11_173_962)])
    func parametersAreAsManyAsPyTorchs(_ name: String, _ count: Int) throws {
        #expect(try network(name).layout.count == count)
    }

    @Test func zeroGammaSilencesEachBlockAtFirst() throws {
        let network = try network("resnet20", ["zero_gamma": .boolean(true)])
        let values = network.initialParameters(seed: 1).array()
        for entry in network.layout.entries where entry.shape.count == 1 && entry.name.hasSuffix(".weight") {
            let wanted: Float = entry.name.hasSuffix("bn2.weight") ? 0 : 1
            #expect(values[entry.range].allSatisfy { $0 == wanted }, "\(entry.name)")
        }
        let shifts = network.layout.entries.filter { $0.name.hasSuffix(".bias") && $0.name != "fc.bias" }
        #expect(shifts.allSatisfy { values[$0.range].allSatisfy { $0 == 0 } })
    }

    @Test func optionsSetTheShape() throws {
        let small = try network("resnet20", ["width": .integer(8), "depth": .integer(1)])
        #expect(small.layout["layer3.0.conv2.weight"]?.shape == [32, 32, 3, 3])
        #expect(small.layout["layer1.1.conv1.weight"] == nil)
        let grouped = try network("resnet20", ["norm": .text("group"), "groups": .integer(4)])
        #expect(grouped.statistics.count == 0)
        #expect(grouped.layout == (try network("resnet20").layout))
        let error = #expect(throws: ConfigurationError.self) {
            _ = try network("resnet20", ["norm": .text("group"), "groups": .integer(5)])
        }
        #expect(error?.key == "groups")
    }
}
