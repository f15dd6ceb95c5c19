/// What becomes of a number that a link of the chain has transformed: it goes to the next link, or as a part of the
/// step into a direction or a model.
public struct StepOutput: Sendable, Hashable {
    private let factor: Float
    private let adds: Bool

    /// On to the next link.
    static let next = StepOutput(factor: 1, adds: false)

    /// The step as a direction, `-rate * value`.
    static func direction(rate: Float) -> StepOutput { StepOutput(factor: -rate, adds: false) }

    /// The step, taken: `-rate * value` is added.
    static func update(rate: Float) -> StepOutput { StepOutput(factor: -rate, adds: true) }

    /// Puts a transformed number where it belongs. Free of branches once the compiler has seen the loop around it.
    @inline(__always)
    func put(_ value: Float, into target: inout Float) {
        target = adds ? target + factor * value : factor * value
    }
}
