import Gossip
import InProcessTransport
public import Runtime

/// No optimizer.
public struct NoSteps: LocalOptimizer, ~Copyable {
    /// There is nothing to remember.
    public init() {}
    public func begin(step: UInt64) -> Float { 0 }
    public func update(_ model: inout MutableSpan<Float>, along gradient: Span<Float>) {}
    public func direction(
        at model: Span<Float>, along gradient: Span<Float>, into target: inout MutableSpan<Float>
    ) {}
    public func reset() {}
    public var state: StateDict { StateDict() }
    public func restore(_ state: StateDict) throws(StateError) {}
}
