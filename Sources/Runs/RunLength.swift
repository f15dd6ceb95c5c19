/// How many gradient steps each learner of a run makes, and how many of them are an epoch to it.
///
/// An epoch of a share of s samples takes `ceil(s / batch)` steps, or `floor` where the last batch is dropped. Learners
/// that go at their own pace count their own epochs; those that wait for each other in every step count that of the
/// longest share, so that a shorter one begins its next pass meanwhile. All that is counted in epochs goes by these
/// numbers, and what is told of a whole run by those of the longest share.
package struct RunLength: Sendable, Hashable {
    /// Steps of an epoch of each learner.
    private let epochs: [UInt64]
    /// Steps that each learner makes.
    package let ofLearners: [UInt64]

    /// - Parameters:
    ///   - shares: steps in which each learner goes through its share once.
    ///   - epochs: the length of the run.
    ///   - steps: where it is given, every learner makes so many, whatever `epochs` says.
    ///   - isPacedByShares: whether each learner counts its own epochs.
    package init(shares: [Int], epochs: Double, steps: UInt64? = nil, isPacedByShares: Bool) {
        let longest = shares.max() ?? 1
        self.epochs = (isPacedByShares ? shares : shares.map { _ in longest }).map { UInt64(max($0, 1)) }
        ofLearners = self.epochs.map { steps ?? Self.steps(in: epochs, of: $0) }
    }

    private static func steps(in epochs: Double, of epoch: UInt64) -> UInt64 {
        UInt64(min(max((epochs * Double(epoch) - roundingError).rounded(.up), 1), 1e18))
    }

    /// How far a product of epochs and steps may lie beside the whole number that is meant.
    package static let roundingError = 1e-9

    /// Steps of the learner that makes the most.
    package var steps: UInt64 { ofLearners.max() ?? 1 }

    /// Steps of an epoch of the longest share.
    package var stepsPerEpoch: UInt64 { epochs.max() ?? 1 }

    /// Steps of one of the learner's epochs.
    package func stepsPerEpoch(of learner: Int) -> UInt64 { epochs[learner] }

    /// The learner's step by which it has done as much of its epochs as the longest share has by `step`.
    package func step(of learner: Int, at step: UInt64) -> UInt64 {
        let (own, longest) = (epochs[learner], stepsPerEpoch)
        return own == longest ? step : (step * own + longest - 1) / longest
    }

    /// The steps of the longest share at which the learner stands at `step`.
    package func steps(atStep step: UInt64, of learner: Int) -> ClosedRange<UInt64> {
        let (own, longest) = (epochs[learner], stepsPerEpoch)
        return own == longest ? step...step : ((step - 1) * longest / own + 1)...(step * longest / own)
    }

    /// The step after which peers that are stopped are to end, where the furthest has made so many steps: at once where
    /// each goes its own way, and one and the same where they wait for each other.
    package static func lastStep(furthest step: UInt64, isLockStep: Bool) -> UInt64 { isLockStep ? step + 2 : 0 }
}
