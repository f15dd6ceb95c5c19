public import Gossip
public import Runtime
public import Vectors

/// A network of two weights, one after the other, cut between them: `loss = (w1 · (w0 ⊙ x) - 1)² / 2`, where the point
/// x follows from the microbatch's number. Stage 0 has w0 and multiplies, stage 1 has w1 and the loss.
///
/// It shows that it was told the truth: its gradients depend on the model that a pass began at, and on each part.
public struct RelayLearner: Learner, ~Copyable {
    /// What a pass is made of: the model that it began at, and what has come from the stage before.
    private struct UnderWay {
        let model: Payload
        var input: [Float]
    }

    private let stage: Int
    private var passes: [Pass: UnderWay] = [:]

    public init(stage: Int) { self.stage = stage }

    /// The two numbers of a microbatch.
    public static func point(_ microbatch: UInt64) -> [Float] {
        [Float(microbatch % 3) / 4 + 0.5, Float(microbatch % 5) / 4 - 0.5]
    }

    public mutating func load(_ model: Payload, scale: Float) { preconditionFailure("a relay has no whole gradients") }

    public mutating func gradient(into vector: consuming FlatVector) -> GradientResult {
        preconditionFailure("a relay has no whole gradients")
    }

    /// A third of the work goes forward, and two backward; the stages have as much.
    public mutating func cost(of request: PassRequest) -> Double {
        if stage == 0 { return request.model == nil ? 1 / 3 : 1 / 6 }
        return request.parts.isEmpty ? 0 : 0.5
    }

    public mutating func advance(_ request: PassRequest, _ pool: PayloadPool) -> PassResult {
        let pass = request.pass
        if let model = request.model {
            let input = stage == 0 ? Self.point(pass.microbatch) : []
            passes[pass] = UnderWay(model: model, input: input)
            guard stage == 0 else { return PassResult(PassReport(pass, at: .previous, parts: [])) }
            let activations = zip(model.array(), input).map { $0 * $1 }
            return PassResult(PassReport(pass, at: .next, parts: [Payload(activations)]))
        }
        guard var underWay = passes[pass] else { preconditionFailure("\(pass) goes on and is not under way") }
        if stage == 1, let part = request.parts.first {
            underWay.input = part.array()
            passes[pass] = underWay
            let error = Self.error(underWay.model, underWay.input)
            let gradients = underWay.model.array().map { error * $0 }
            return PassResult(PassReport(pass, at: .previous, parts: [Payload(gradients)]))
        }
        passes[pass] = nil
        let error = stage == 0 ? 0 : Self.error(underWay.model, underWay.input)
        let factors = stage == 0 ? request.parts[0].array() : [error, error]
        var gradient = pool.block(count: 2)
        gradient.write { span in for index in 0..<2 { span[index] = factors[index] * underWay.input[index] } }
        let report = GradientReport(loss: error * error / 2, correct: stage, samples: 2 * stage)
        return PassResult(PassReport(ended: pass, report), gradient: gradient)
    }

    private static func error(_ model: Payload, _ input: [Float]) -> Float {
        let model = model.array()
        return model[0] * input[0] + model[1] * input[1] - 1
    }

    public mutating func drop(_ pass: Pass) { passes[pass] = nil }

    /// How many passes are under way.
    public var count: Int { passes.count }

    public var state: StateDict {
        var state = StateDict()
        for (place, entry) in passes.sorted(by: { $0.key.microbatch < $1.key.microbatch }).enumerated() {
            state.words["pass\(place)"] = [entry.key.microbatch, UInt64(entry.key.slot)]
            state.vectors["model\(place)"] = entry.value.model.array()
            state.vectors["input\(place)"] = entry.value.input
        }
        return state
    }

    public mutating func restore(_ state: StateDict) throws(StateError) {
        passes = [:]
        for place in 0..<state.words.count {
            let words = try state.words("pass\(place)", count: 2)
            let pass = Pass(microbatch: words[0], slot: Int(words[1]))
            let model = Payload(try state.vector("model\(place)", count: 2))
            passes[pass] = UnderWay(model: model, input: state.vectors["input\(place)"] ?? [])
        }
    }
}
