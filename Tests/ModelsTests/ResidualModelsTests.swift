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

    @Test func bottlenecksHaveTorchvisionsNamesAndTheStrideInTheMiddle() throws {
        let network = try ModelRegistry.network("resnet50", inputShape: [3, 64, 64], classes: 10)
        let block = network.layout.entries.filter { $0.name.hasPrefix("layer2.0.") }.map {
            "\($0.name.dropFirst("layer2.0.".count)) \($0.shape)"
        }
        #expect(
            block == [
                "conv1.weight [128, 256, 1, 1]", "bn1.weight [128]", "bn1.bias [128]",
                "conv2.weight [128, 128, 3, 3]", "bn2.weight [128]", "bn2.bias [128]",
                "conv3.weight [512, 128, 1, 1]", "bn3.weight [512]", "bn3.bias [512]",
                "downsample.0.weight [512, 256, 1, 1]", "downsample.1.weight [512]", "downsample.1.bias [512]",
            ])
        // The first block widens without a stride, and its shortcut with it.
        #expect(network.layout["layer1.0.downsample.0.weight"]?.shape == [256, 64, 1, 1])
        #expect(network.layout["layer1.1.downsample.0.weight"] == nil)
        let strides = network.layers.flatMap(\.all).compactMap { layer in
            (layer.kind as? Convolution).flatMap { $0.window.stride > 1 ? $0.name : nil }
        }
        #expect(
            strides == ["conv1"]
                + (2...4).flatMap { ["layer\($0).0.conv2", "layer\($0).0.downsample.0"] })
        // 64 pixels, halved by the stem, its pooling and three stages.
        let last = network.layers.dropLast().last
        #expect(last?.kind is GlobalAveragePool && last?.inputShape == [2048, 2, 2])
    }

    /// An activation of its own replaces norm and ReLU; a norm without ReLU becomes a scale and a shift (Liu et al.).
    @Test func evoNormStandsWhereBatchNormDoes() throws {
        let options: [String: OptionValue] = ["norm": .text("evonorm-s0"), "groups": .integer(4)]
        let network = try network("resnet20", options)
        #expect(network.statistics.count == 0)
        let curves = network.layout.entries.map(\.name).filter { $0.hasSuffix(".v") }
        #expect(
            curves == ["bn1.v"]
                + (1...3).flatMap { stage in (0..<3).map { "layer\(stage).\($0).bn1.v" } })
        let names = Set(network.layout.entries.map(\.name))
        #expect(names.subtracting(curves) == Set(try self.network("resnet20").layout.entries.map(\.name)))
        let values = network.initialParameters(seed: 1).array()
        for name in curves {
            let entry = try #require(network.layout[name])
            #expect(values[entry.range].allSatisfy { $0 == 1 })
        }
        // One ReLU a block, behind the sum.
        #expect(network.layers.count { $0.kind is Activation } == 9)
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
