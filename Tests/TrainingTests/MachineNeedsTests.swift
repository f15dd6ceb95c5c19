import Configuration
import Datasets
import Models
import Runs
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

@Suite struct MachineNeedsTests {
    private func complaint(
        hidden: [Int] = [256], peers: Int = 4, batch: Int = 64, threads: Int = 1
    ) throws -> ConfigurationError? {
        let network = try ModelRegistry.network(
            "mlp", options: Options(["hidden": .list(hidden.map(OptionValue.integer))]), inputShape: [1, 28, 28],
            classes: 10)
        let needs = MachineNeeds(network: network, peers: peers, batch: batch, threadsPerPeer: threads)
        do throws(ConfigurationError) {
            try needs.check(memoryBytes: 16_000_000_000, processors: 2)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatFitsIsAllowed() throws {
        #expect(try complaint() == nil)
        #expect(try complaint(threads: 16) == nil)
    }

    @Test func aModelLargerThanTheMemoryIsToldWithItsCount() throws {
        let error = try complaint(hidden: [100_000_000])
        #expect(error?.key == "model.name")
        #expect(
            error?.message
                == "mlp has 79500000010 parameters, which take 1.27e+03 GB for 4 peers, and this machine has 16 GB of "
                + "memory")
    }

    /// Before anything of that size is asked for.
    @Test(arguments: [
        ("vgg11", 1024), ("resnet50", 1024), ("resnet34", 1024), ("cdsgd-big-cnn", 1024), ("nettorrent-mnist", 65536),
        ("cdsgd-fcn", 65536),
    ])
    func networksOfTheGreatestWidthAreToldWithTheirCounts(_ model: String, _ width: Int) throws {
        let network = try ModelRegistry.network(
            model, options: Options(["width": .integer(width)]), inputShape: [3, 32, 32], classes: 10)
        let needs = MachineNeeds(network: network, peers: 1, batch: 1, threadsPerPeer: 1)
        let error = #expect(throws: ConfigurationError.self) {
            try needs.check(memoryBytes: 1_000_000_000, processors: 2)
        }
        #expect(error?.key == "model.name")
        #expect(error?.message.hasPrefix("\(model) has \(network.layout.count) parameters") == true)
    }

    @Test func whateverMultipliesIsFound() throws {
        #expect(try complaint(peers: 1_000_000)?.key == "peers")
        let batch = try complaint(batch: 1_000_000_000)
        #expect(batch?.key == "batch")
        #expect(batch?.message.contains("this machine has 16 GB") == true)
        let threads = try complaint(threads: 1024)
        #expect(threads?.key == "threads_per_peer")
        #expect(threads?.message == "1024 threads are too many for the 2 processors of this machine")
    }

    @Test func aRunIsRefusedBeforeItIsBegun() {
        func key(_ overrides: String...) -> String? {
            let settings = ["data.name=synthetic", "data.samples=600", "data.size=8", "peers=2", "batch=8"] + overrides
            return
                (#expect(throws: ExperimentError.self) {
                    try TrainingPlan(
                        LoadedExperiment(file: nil, overrides: settings, registries: .all),
                        places: .init(collection: nil, home: nil))
                })?.key
        }
        #expect(key("model.name=mlp", "model.hidden=[4000000000,4000000000]") == "model.name")
        #expect(key("model.name=mlp", "model.hidden=[1000000000000]") == "model.name")
        #expect(key("model.name=2nn", "model.width=0") == "model.width")
        #expect(key("model.name=resnet20", "model.norm=evonorm-s0", "model.groups=3") == "model.groups")
        #expect(key("model.name=softmax", "model.label_smoothing=2") == "model.label_smoothing")
        #expect(key("threads_per_peer=1024") == "threads_per_peer")
        #expect(key("data.size=1024", "data.channels=64", "data.samples=4", "data.classes=256") == "data.classes")
    }
}
