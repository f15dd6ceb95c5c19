package import Gossip
package import Runtime
package import Vectors

/// What the passes of a learner are: the peer's stage of something that is learned stage by stage.
package protocol PassWork: Sendable {
    /// Numbers in the peer's vectors.
    var vectorCount: Int { get }
    /// Peers of the stage.
    var slots: Int { get }

    /// Multiplications in a gradient of the whole and of the whole batch, about.
    var gradientWork: Double { get }

    /// Begins a pass at these parameters, which it holds to its end.
    func begin(_ pass: Pass, at model: Payload, _ pool: PayloadPool) -> any PassUnderWay

    /// Samples of the pass' microbatch, of which some may be other slots'.
    func samples(of pass: Pass) -> Int

    /// The work of each request of a pass, from its beginning to its end, as a share of that of a gradient of the whole
    /// batch.
    func shares(of pass: Pass) -> [Double]
}

/// A pass that has begun.
package protocol PassUnderWay: AnyObject, Sendable {
    /// Computes with the parts that it waited for, at first with none, up to the next stop; nil at its end.
    func resume(with parts: [Payload], _ pool: PayloadPool) -> PassHalt?

    /// What came of a pass that has ended, of which nothing remains.
    func end() -> GradientResult

    /// Gives the pass up.
    func drop()
}

/// Where a pass has stopped.
package struct PassHalt: Sendable {
    /// Whom it concerns.
    package let stop: PassStop
    /// What it has for others.
    package let parts: [Payload]
    /// How many numbers each part has that it waits for.
    package let incoming: [Int]

    /// A stop with these parts for others, waiting for parts of so many numbers.
    package init(_ stop: PassStop, parts: [Payload], incoming: [Int]) {
        self.stop = stop
        self.parts = parts
        self.incoming = incoming
    }
}
