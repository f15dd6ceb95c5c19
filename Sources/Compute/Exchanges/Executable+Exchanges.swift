internal import Models
public import Randomness
public import Vectors

/// Passes that stop at exchanges: those of an executable for a piece of a network.
///
/// ```
/// executable.hold(parameters)
/// executable.begin(dropout: stream)
/// var parts: [Payload] = []
/// while let exchange = executable.resume(with: parts, into: &gradient) { parts = ... }
/// ```
///
/// An executable has one pass under way; several at once are several executables, each with the parameters that it
/// holds from the beginning of its pass to the end.
extension Executable {
    /// Where its passes stop, in order.
    public var exchanges: [Exchange] { plan.instructions.compactMap { $0.exchange?.exchange } }

    /// Begins a pass; one that was under way is given up. Dropout draws what it would for the whole network and batch,
    /// and leaves out what is not its own.
    public mutating func begin(dropout: RandomStream) {
        pass = Pass(state: RunState(dropout: dropout))
    }

    /// Computes with the parts that the exchange waited for, up to the next exchange; nil when the pass has ended, with
    /// its gradients in `gradient`, as long as the stage's parameters, at the places of those that are the piece's. The
    /// first call takes no parts.
    public mutating func resume(with parts: [Payload], into gradient: inout MutableSpan<Float>) -> Exchange? {
        guard var pass, pass.exchange != nil || pass.position < plan.instructions.count else {
            preconditionFailure("a pass that has ended, or never began, cannot go on")
        }
        requireFit(gradient.count)
        take(parts, for: pass.exchange)
        memory.lendGradient(&gradient)
        ThreadTeam.use(threads)
        while pass.position < plan.instructions.count {
            let instruction = plan.instructions[pass.position]
            pass.position += 1
            instruction.run(memory, &pass.state)
            if let exchange = instruction.exchange {
                pass.exchange = exchange
                self.pass = pass
                return exchange.exchange
            }
        }
        pass.exchange = nil
        self.pass = pass
        return nil
    }

    /// Puts the parts where the exchange wants them: side by side, or their sum.
    private func take(_ parts: [Payload], for exchange: PlannedExchange?) {
        let wanted = exchange?.exchange.incoming ?? []
        precondition(
            parts.map(\.count) == wanted, "the pass waits for parts of \(wanted) numbers, and has \(parts.map(\.count))"
        )
        guard let exchange, let target = exchange.incoming else { return }
        var place = target
        for (index, part) in parts.enumerated() {
            let adds = exchange.isSummed && index > 0
            part.read { numbers in
                memory.write(place, count: numbers.count) { target in
                    for index in numbers.indices {
                        target[index] = adds ? target[index] + numbers[index] : numbers[index]
                    }
                }
            }
            if !exchange.isSummed { place.offset += part.count }
        }
    }

    /// Lends what goes out at the exchange that the pass has stopped at: all its parts, side by side.
    public borrowing func withOutgoing<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let exchange = pass?.exchange, let slice = exchange.outgoing else {
            preconditionFailure("the pass has not stopped where anything goes out")
        }
        return try memory.read(slice, count: exchange.exchange.outgoing.reduce(0, +), body)
    }

    /// The share of the samples here in the mean loss over the batch, and how many of them are classified rightly: of
    /// the last stage, when the loss has been computed.
    public var result: (loss: Float, correct: Int) {
        let state = pass?.state
        return (Float((state?.lossSum ?? 0) / Double(batch)), state?.correct ?? 0)
    }

    /// Where the stream stands that dropout draws from; when the forward pass has been computed, where it would stand
    /// behind that of the whole network.
    public var dropout: RandomStream? { pass?.state.dropout }
}
