import Configuration
import Datasets
import Foundation
import Models
import Records
import Runtime
import Safetensors
import TestKit
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

@Suite struct SavedWeightsTests {
    private static let settings = [
        "data.name=synthetic", "data.samples=60", "data.size=8", "data.classes=3", "batch=8", "peers=2",
        "model.name=layers", "model.layers=[{conv: 4}, batch_norm, relu, flatten, {dense: 3}]",
    ]

    private func workload(_ overrides: String...) throws -> NetworkWorkload {
        let loaded = try LoadedExperiment(file: nil, overrides: Self.settings + overrides, registries: .all)
        return try NetworkWorkload(loaded.experiment, places: DataPlaces(collection: nil, home: nil))
    }

    private func written(_ name: String, _ overrides: String..., in folder: String) throws -> SafetensorsFile {
        let loaded = try LoadedExperiment(file: nil, overrides: Self.settings + overrides, registries: .all)
        let path = "\(folder)/\(name)"
        try RunStart.write(loaded, peer: 1, places: DataPlaces(collection: nil, home: nil), to: path)
        return try SafetensorsFile(readingFrom: path)
    }

    private func failure(_ network: Network, _ tensors: [Tensor]) -> String {
        do {
            _ = try SavedWeights(of: network, in: SafetensorsFile(tensors: tensors), "w")
            return "none"
        } catch {
            return error.kind == .malformed ? "\(error)" : "of another kind"
        }
    }

    @Test func aRunStartsFromTheStartThatWasWrittenToTheBit() throws {
        try withTemporaryFolder { folder in
            let file = try written("w", in: folder)
            let whole = try workload()
            let again = try workload("model.weights=\(folder)/w", "seed=9")
            for peer in 0..<2 {
                #expect(again.initialModel(of: peer).array() == whole.initialModel(of: peer).array())
            }
            #expect(again.initialStatistics == whole.initialStatistics)
            let other = try workload("seed=9")
            #expect(whole.initialModel(of: 0).array() != other.initialModel(of: 0).array())
            #expect(file["1.num_batches_tracked"]?.integers == [0])
            // Ranks and resumed runs see whether they have the same.
            #expect(again.fingerprint.hasPrefix(whole.fingerprint + ", weights "))
            // Peers with a start each.
            let own = try written("own", "common_start=false", in: folder)
            let apart = try workload("common_start=false")
            #expect(own["0.weight"]?.floats == Array(apart.initialModel(of: 1).array().prefix(36)))
            #expect(own["0.weight"] != file["0.weight"])
        }
    }

    @Test func runningStatisticsAreWhatLearnersBeginWith() throws {
        try withTemporaryFolder { folder in
            let file = try written("w", in: folder)
            let tensors = file.tensors.map { tensor in
                tensor.name == "1.running_var" ? Tensor(name: tensor.name, shape: [4], floats: [2, 3, 4, 5]) : tensor
            }
            try SafetensorsFile(tensors: tensors).write(to: "\(folder)/v")
            let workload = try workload("model.weights=\(folder)/v")
            #expect(workload.initialStatistics == [0, 0, 0, 0, 2, 3, 4, 5])
            var learner = try workload.learner(of: 0, sharing: PlanCache())
            #expect(learner.state.vectors["statistics"] == workload.initialStatistics)
            // A file of parameters alone leaves them as they begin.
            let alone = tensors.filter { workload.network.layout[$0.name] != nil }
            #expect(try SavedWeights(of: workload.network, in: SafetensorsFile(tensors: alone), "w").statistics == nil)
        }
    }

    @Test func otherTypesAreRoundedToFloat32() throws {
        let network = try Network(
            name: "n", inputShape: [1, 1, 2], classes: 2,
            layers: [.flatten, .dense(name: "a", outputs: 2, bias: false)])
        func parameters(_ type: String, _ bytes: [UInt8]) throws -> [Float] {
            let tensor = Tensor(
                name: "a.weight", type: ElementType(rawValue: type), shape: [2, 2], bytes: bytes)
            return try SavedWeights(of: network, in: SafetensorsFile(tensors: [tensor]), "w").parameters
        }
        func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
            words.flatMap { word in withUnsafeBytes(of: word.littleEndian, Array.init) }
        }
        // 1, -0.5, the least number of the type, the greatest.
        #expect(
            try parameters("F16", bytes([0x3C00, 0xB800, 0x0001, 0x7BFF] as [UInt16])) == [1, -0.5, 0x1p-24, 65504])
        #expect(
            try parameters("BF16", bytes([0x3F80, 0xBF00, 0x0001, 0x7F7F] as [UInt16]))
                == [1, -0.5, Float(bitPattern: 0x0001_0000), Float(bitPattern: 0x7F7F_0000)])
        let doubles = [0.1, -1 / 3.0, 1e-300, 3e38]
        #expect(try parameters("F64", bytes(doubles.map(\.bitPattern))) == doubles.map(Float.init))
        for (type, words) in [
            ("F64", bytes([1e39, 0, 0, 0].map(\.bitPattern))), ("F32", bytes([Float.nan, 0, 0, 0].map(\.bitPattern))),
        ] {
            let error = #expect(throws: SafetensorsError.self) { _ = try parameters(type, words) }
            #expect(error?.reason.contains("not finite") == true)
        }
        let error = #expect(throws: SafetensorsError.self) {
            _ = try parameters("I32", bytes([1, 2, 3, 4] as [Int32]))
        }
        #expect(error?.reason.contains("'a.weight' is I32") == true)
    }

    @Test func everyDifferenceIsNamedInOneSentence() throws {
        let network = try workload().network
        let zeros = network.layout.entries.map { entry in
            Tensor(name: entry.name, shape: entry.shape, floats: [Float](repeating: 0, count: entry.count))
        }
        #expect(failure(network, zeros) == "none")
        let other =
            zeros.filter { $0.name != "0.bias" && $0.name != "4.bias" } + [
                Tensor(name: "fc.weight", shape: [1], floats: [0]),
                Tensor(name: "4.bias", shape: [4], floats: [0, 0, 0, 0]),
                Tensor(name: "1.num_batches_tracked", shape: [], words: [7]),
            ]
        #expect(
            failure(network, other)
                == "w: not the weights of model layers: the file lacks 0.bias; it has beyond the network fc.weight; it "
                + "has another shape, where 4.bias is [4] and ought to be [3]; save those of the same network")
        #expect(failure(network, []).contains("lacks 0.weight, 0.bias, 1.weight and 3 more"))
        // Half of the statistics are none.
        let half = zeros + [Tensor(name: "1.running_mean", shape: [4], floats: [0, 0, 0, 0])]
        #expect(failure(network, half).contains("lacks 1.running_var"))
    }

    @Test func peersCannotEachHaveAStartOfTheirOwnBesideWeights() throws {
        let error = #expect(throws: ExperimentError.self) { _ = try workload("model.weights=w", "common_start=false") }
        #expect(error?.key == "common_start")
        let loaded = try LoadedExperiment(file: nil, overrides: ["model.weights=w"], registries: .all)
        #expect(loaded.experiment.weights?.hasPrefix("/") == true)
        let quadratic = #expect(throws: ExperimentError.self) {
            _ = try LoadedExperiment(
                file: nil, overrides: ["model.name=quadratic", "model.targets=[[1],[2]]", "model.weights=w"],
                registries: .all)
        }
        #expect(quadratic?.key == "model.weights")
    }
}
