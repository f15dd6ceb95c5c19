import Runtime
import Vectors

/// The caller's optimizer as the node's: it has stepped already, or steps when it is told.
struct OutsideSteps: LocalOptimizer, ~Copyable {
    var stepsOutside: Bool { true }

    private let tensors: CallerTensors
    private let seat: CallerSeat
    /// Whether the optimizer waits for the gradient that the algorithm makes; else it has stepped before the node
    /// hears of the gradient.
    private let isCommanded: Bool
    private let rate: StepRate

    init(_ tensors: CallerTensors, _ seat: CallerSeat, isCommanded: Bool, rate: StepRate) {
        self.tensors = tensors
        self.seat = seat
        self.isCommanded = isCommanded
        self.rate = rate
    }

    func begin(step: UInt64) -> Float { rate.value }

    func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {
        preconditionFailure("a step that is made outside was asked for in place")
    }

    func updated(_ model: Payload, along gradient: Payload) -> Payload? {
        guard isCommanded else { return tensors.stepped(model) }
        let reply = seat.ask {
            tensors.put(model)
            gradient.read { tensors.writeGradient($0) }
            return tensors.takeWritten(.step)
        }
        return reply.map { _ in tensors.takeStep() }
    }

    func keepStep() {}

    func broughtModel() -> Payload { tensors.bringModel() }

    func direction(at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>) {
        if isCommanded {
            let (point, gradient) = (tensors.copy(model), tensors.copy(gradient))
            _ = seat.ask {
                tensors.putPoint(point, scale: 1)
                gradient.read { tensors.writeGradient($0) }
                return tensors.takeWritten(.step)
            }
            tensors.noteStep()
        }
        guard let step = tensors.step() else { return }
        step.read { source in for index in source.indices { target[index] = source[index] } }
    }

    func reset() { tensors.noteReset() }

    /// The caller keeps what its optimizer remembers.
    var state: StateDict { StateDict() }

    func restore(_ state: StateDict) throws(StateError) { try state.refuseUnknown(besides: []) }
}
