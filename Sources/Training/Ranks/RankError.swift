import Dispatch
import Gossip
import Runs

/// What went wrong on a rank: one sentence that names it, where there are several.
package struct RankError: Error, CustomStringConvertible {
    package let description: String
    /// The exit code for it.
    package let code: Int32

    init(_ rank: Int?, _ reason: String, code: Int32 = 1) {
        self.code = code
        description = (rank.map { "rank \($0): " } ?? "") + reason
    }
}
