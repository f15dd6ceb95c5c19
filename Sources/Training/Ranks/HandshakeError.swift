import Dispatch
import Gossip
import Runs
import Runtime

/// A run that cannot begin because its ranks do not agree, or one is not ready.
package struct HandshakeError: Error, CustomStringConvertible {
    package let description: String
    /// The exit code for it.
    package let code: Int32

    static func timeout(of rank: Int) -> HandshakeError {
        HandshakeError(
            description: "nothing is heard of rank \(rank) any more, so the run does not begin; see what its host says "
                + "of it", code: 1)
    }
}
