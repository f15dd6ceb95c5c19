import Runtime
import Vectors

@testable import Training
@testable import Workloads

/// A third thing to learn, beside networks and the quadratic: the line through points that a formula deals out, one
/// after the other. Its learner keeps its place and, as statistics of its own, the mean of what it has seen.
struct LineWorkload: Workload {
    var peers: Int

    var layout: VectorLayout { VectorLayout([("slope", [1]), ("height", [1])]) }
    var samplesPerEpoch: Int { 10 * peers }
    var batch: Int { 1 }
    var hasAccuracy: Bool { false }
    var showsModels: Bool { true }
    var fingerprint: String { "line" }

    func samples(of peer: Int) -> Int { 10 }
    func stepsPerEpoch(of peer: Int) -> Int { 10 }
    func initialModel(of peer: Int) -> FlatVector { FlatVector(count: 2) }
    func learner(of peer: Int, sharing parts: PlanCache) -> sending any Learner & ~Copyable {
        LineLearner(peer: peer)
    }
    func test() -> any ModelTest { HeightTest() }
    func statistics(of model: Payload) -> [Float] { [] }
    func validation() -> (any ModelTest)? { nil }

    /// Point number `place` of a peer.
    static func point(_ place: UInt64, of peer: Int) -> (x: Float, y: Float) {
        (Float(place % 3) + 1, Float((place + UInt64(peer)) % 5))
    }

    private struct HeightTest: ModelTest {
        func score(_ model: Payload) -> Score {
            Score(accuracy: nil, loss: Double(model.array()[1]))
        }
    }
}

/// Gradients of `(slope x + height - y)^2 / 2` at one point each, pulled by a hundredth of the mean of all points so
/// far, so that whoever forgets its statistics goes another way.
struct LineLearner: Learner, ~Copyable {
    let peer: Int
    private var place: UInt64 = 0
    private var mean: Float = 0
    private var model: [Float] = []

    init(peer: Int) { self.peer = peer }

    mutating func load(_ model: Payload, scale: Float) { self.model = model.array().map { scale * $0 } }

    mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        let (x, y) = LineWorkload.point(place, of: peer)
        place += 1
        mean += (y - mean) / Float(place)
        let (error, pull) = (model[0] * x + model[1] - y, mean / 100)
        vector.write { gradient in
            gradient[0] = error * x
            gradient[1] = error + pull
        }
        return GradientResult(
            gradient: vector, report: GradientReport(loss: error * error / 2, correct: 0, samples: 1))
    }

    var state: StateDict { StateDict(vectors: ["mean": [mean]], words: ["place": [place]]) }

    mutating func restore(_ state: StateDict) throws(StateError) {
        try state.refuseUnknown(besides: ["mean", "place"])
        mean = try state.vector("mean", count: 1)[0]
        place = try state.words("place", count: 1)[0]
    }
}
