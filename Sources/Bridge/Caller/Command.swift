/// What the caller is to do, and what it finds in its tensors.
struct Command: Sendable, Hashable {
    /// What is to be done, by the actions of `murmur.h`.
    enum Action: Int32, Sendable {
        case none, step, score
    }

    var action: Action
    var scoresLoss = false
    /// Whether the parameters were written since the caller last looked.
    var wroteParameters = false
    var wroteGradients = false
    /// Whether the optimizer is to forget what it remembers before it steps again.
    var resetsOptimizer = false

    init(_ action: Action) { self.action = action }
}
