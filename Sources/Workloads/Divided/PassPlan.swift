package import Compute
package import Gossip
package import Models
package import Optimizers
package import Randomness
package import Runtime
import Synchronization
package import Vectors

/// A plan for one piece of a network and one size of microbatch, for one pass at a time.
package final class PassPlan: Sendable {
    /// What plans are told apart by.
    package struct Key: Hashable {
        let piece: StagePiece
        let rows: Int
    }

    package let key: Key
    /// Those samples of the microbatch that it computes.
    package let rows: Range<Int>
    /// Where its passes stop.
    package let stops: [PassStop]
    /// Whether it reads images or labels.
    package let readsSamples: Bool
    /// Whether it has the loss.
    package let hasLoss: Bool
    /// The parameters that it has a gradient of, among those of the stage.
    package let ranges: [Range<Int>]
    /// Those of them that weight decay acts on, where it spares norms and biases.
    package let weightRanges: [Range<Int>]
    private let seat: Mutex<Seat>

    private struct Seat: ~Copyable {
        var executable: Executable
        var gradient: FlatVector?

        init(_ executable: consuming Executable) { self.executable = executable }
    }

    /// Throws when oneDNN cannot compute a layer.
    package init(_ network: Network, _ key: Key, _ settings: PassSettings) throws(OneDNNError) {
        self.key = key
        let executable = try Executable(
            network, piece: key.piece, batch: key.rows, threads: settings.threads, precision: settings.precision)
        rows = executable.rows
        stops = executable.exchanges.map(\.kind.stop)
        hasLoss = key.piece.layers.upperBound == network.layers.count
        readsSamples = hasLoss || key.piece.layers.lowerBound == 0
        let first = executable.vector.lowerBound
        func local(_ ranges: [Range<Int>]) -> [Range<Int>] {
            ranges.map { ($0.lowerBound - first)..<($0.upperBound - first) }
        }
        let own = key.piece.parameterRanges(of: network)
        ranges = local(own)
        weightRanges = local(
            own.flatMap { range in network.layout.weightRanges.map { $0.clamped(to: range) } }.filter { !$0.isEmpty })
        seat = Mutex(Seat(executable))
    }

    /// Begins a pass. Whatever is not the piece's own in the gradient becomes 0.
    package func begin(at model: Payload, dropout: RandomStream, gradient: consuming FlatVector) {
        if ranges != [0..<gradient.count] {
            gradient.write { span in for index in 0..<span.count { span[index] = 0 } }
        }
        var block: FlatVector? = gradient
        seat.withLock { seat in
            seat.executable.hold(model)
            seat.executable.begin(dropout: dropout)
            seat.gradient = block.take()
        }
    }

    /// Lends the images and labels of the rows.
    package func withInput(_ body: (inout MutableSpan<Float>, inout MutableSpan<Int32>) -> Void) {
        seat.withLock { seat in seat.executable.withInput { images, labels in body(&images, &labels) } }
    }

    /// Goes on to the next stop; nil at the end.
    package func resume(with parts: [Payload], _ pool: PayloadPool) -> PassHalt? {
        seat.withLock { seat in
            guard var gradient = seat.gradient.take() else { preconditionFailure("a pass goes on that never began") }
            let exchange = gradient.write { seat.executable.resume(with: parts, into: &$0) }
            seat.gradient = consume gradient
            guard let exchange else { return nil }
            var first = 0
            let parts = exchange.outgoing.map { count in
                defer { first += count }
                return seat.executable.withOutgoing { numbers in
                    pool.payload(count: count) { span in
                        for index in 0..<count { span[index] = numbers[first + index] }
                    }
                }
            }
            return PassHalt(exchange.kind.stop, parts: parts, incoming: exchange.incoming)
        }
    }

    /// What came of the pass: with its part of the weight decay in the gradient, and the parameters let go. Loss and
    /// samples are told where they are this slot's to tell.
    package func end(_ shaping: GradientShaping, reports: Bool) -> GradientResult {
        var shaping = shaping
        shaping.weightDecay *= Float(Double(rows.count) / Double(key.rows))
        let decayed = shaping.decaysNormsAndBiases ? ranges : weightRanges
        return seat.withLock { seat in
            guard var gradient = seat.gradient.take() else { preconditionFailure("a pass ends that never began") }
            gradient.write { gradient in
                seat.executable.withParameters { shaping.apply(to: &gradient, at: $0, decaying: decayed) }
            }
            seat.executable.letGo()
            let result = seat.executable.result
            let report = GradientReport(
                loss: reports ? result.loss : 0, correct: reports ? result.correct : 0,
                samples: reports && hasLoss ? rows.count : 0)
            return GradientResult(gradient: gradient, report: report)
        }
    }

    /// Forgets the pass.
    package func drop() {
        seat.withLock { seat in
            seat.executable.letGo()
            seat.gradient = nil
        }
    }
}

extension Exchange.Kind {
    /// The same for algorithms.
    fileprivate var stop: PassStop {
        switch self {
        case .previous: .previous
        case .next: .next
        case .gather: .gather
        case .scatter: .scatter
        }
    }
}
