import Datasets
import Models
import Runs
import Runtime
import Testing
import Vectors

@testable import Experiments
@testable import Training
@testable import Workloads

/// Learners that share their plans and blocks.
@Suite struct PlanCacheTests {
    private func workload(_ overrides: [String]) throws -> any Workload {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)).workload
    }

    /// The gradients of all peers, taken in turn, each peer's model and scale its own.
    private func gradients(_ workload: any Workload, peers: Int, rounds: Int, sharing parts: PlanCache?) throws
        -> [[Float]]
    {
        var gradients: [[Float]] = []
        var states = [StateDict?](repeating: nil, count: peers)
        for round in 0..<rounds {
            for peer in 0..<peers {
                var learner = try workload.learner(of: peer, sharing: parts ?? PlanCache())
                if let state = states[peer] { try learner.restore(state) }
                learner.load(Payload(workload.initialModel(of: peer).array()), scale: Float(round + 1))
                let result = learner.gradient(into: FlatVector(count: workload.layout.count))
                gradients.append(result.takeGradient().array())
                states[peer] = learner.state
            }
        }
        return gradients
    }

    /// 3 peers with 20 samples each: batches of 8, 8 and a rest of 4.
    private static let network = [
        "data.name=synthetic", "data.samples=60", "data.size=4", "model.name=mlp", "batch=8", "peers=3",
        "common_start=false", "optimizer.weight_decay=0.1",
    ]
    private static let quadratic = [
        "model.name=quadratic", "model.targets=[[1, 2], [3, 4], [5, 6]]", "optimizer.weight_decay=0.1",
        "model.noise=0.5", "common_start=false",
    ]

    @Test(arguments: [network, quadratic]) func gradientsAreThoseOfLearnersOfTheirOwn(settings: [String]) throws {
        let workload = try workload(settings)
        let shared = try gradients(workload, peers: 3, rounds: 4, sharing: PlanCache())
        #expect(try shared == gradients(workload, peers: 3, rounds: 4, sharing: nil))
        #expect(Set(shared).count == 12)
    }

    @Test func thereIsOnePlanForEachSizeOfBatch() throws {
        let workload = try #require(try workload(Self.network) as? NetworkWorkload)
        let parts = PlanCache()
        func plan(_ batch: Int) throws -> GradientPlan {
            try parts.plan(workload.network, batch: batch, threads: 1, precision: .fp32)
        }
        _ = try workload.learner(of: 0, sharing: parts)
        let (whole, rest) = (try plan(8), try plan(4))
        #expect(whole.batch == 8 && rest.batch == 4)
        // Who has one has it for himself.
        #expect(try plan(8) !== whole)
        parts.giveBack(whole)
        _ = try workload.learner(of: 1, sharing: parts)
        #expect(try plan(8) === whole)
    }

    /// The node writes the model behind the gradient, and would have to copy one that is still held.
    @Test func aModelIsHeldNoLongerThanItsGradientTakes() throws {
        let workload = try workload(Self.network)
        var learner = try workload.learner(of: 0, sharing: PlanCache())
        var model: Payload? = Payload(workload.initialModel(of: 0).array())
        weak let held = model
        learner.load(try #require(model), scale: 1)
        model = nil
        _ = learner.gradient(into: FlatVector(count: workload.layout.count))
        #expect(held == nil)
    }

    /// Models that are loaded one after the other, and gradients that are taken in another order.
    @Test(arguments: [network, quadratic]) func learnersMayComputeAtTheSameTime(settings: [String]) throws {
        let workload = try workload(settings)
        let alone = try gradients(workload, peers: 3, rounds: 1, sharing: nil)
        let parts = PlanCache()
        func learner(_ peer: Int) throws -> any Learner & ~Copyable {
            var learner = try workload.learner(of: peer, sharing: parts)
            learner.load(Payload(workload.initialModel(of: peer).array()), scale: 1)
            return learner
        }
        var first = try learner(0)
        var second = try learner(1)
        var third = try learner(2)
        func gradient(_ learner: inout any Learner & ~Copyable) -> [Float] {
            learner.gradient(into: FlatVector(count: workload.layout.count)).takeGradient().array()
        }
        #expect(gradient(&second) == alone[1])
        #expect(gradient(&third) == alone[2])
        #expect(gradient(&first) == alone[0])
    }

    @Test func aGradientWithoutAModelTraps() async {
        await #expect(processExitsWith: .failure) {
            let settings = [
                "data.name=synthetic", "data.samples=60", "data.size=4", "model.name=mlp", "batch=8", "peers=3",
            ]
            let loaded = try LoadedExperiment(file: nil, overrides: settings, registries: .all)
            let workload = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil)).workload
            var learner = try workload.learner(of: 0, sharing: PlanCache())
            _ = learner.gradient(into: FlatVector(count: workload.layout.count))
        }
    }
}
