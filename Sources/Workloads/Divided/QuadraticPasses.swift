package import Experiments
package import Gossip
package import Optimizers
import Runtime
package import Vectors

/// One peer's passes through its stage of the quadratic.
///
/// Forward the loss of the stages so far is handed on, backward the derivative of the microbatch's mean loss by it,
/// a number each: 1 divided by the number of rows that have losses of their own. Where coordinates are shared the
/// losses of the slots are gathered before they are handed on.
package final class QuadraticPasses: PassWork {
    let quadratic: Quadratic
    let stage: Range<Int>
    let isFirst: Bool
    let isLast: Bool
    let division: Division
    let seed: UInt64
    let shaping: GradientShaping
    package var vectorCount: Int { stage.count }
    package var slots: Int { division.peersPerStage }
    package var gradientWork: Double { Double(5 * quadratic.count * slots * division.microbatches) }

    /// - Parameters:
    ///   - quadratic: with a target for each slot.
    ///   - stages: the coordinates of each stage.
    ///   - stage: whose stage it is.
    package init(
        _ quadratic: Quadratic, stages: [Range<Int>], stage: Int, _ division: Division, seed: UInt64,
        shaping: GradientShaping
    ) {
        self.quadratic = quadratic
        self.stage = stages[stage]
        isFirst = stage == 0
        isLast = stage == stages.count - 1
        self.division = division
        self.seed = seed
        self.shaping = shaping
    }

    package func begin(_ pass: Pass, at model: Payload, _ pool: PayloadPool) -> any PassUnderWay {
        QuadraticPass(self, pass, at: model)
    }

    /// Where a pass stops.
    var stops: [PassStop] {
        (isFirst ? [] : [.previous]) + (division.split == .neurons ? [.gather] : []) + (isLast ? [] : [.next])
            + (isFirst ? [] : [.previous])
    }

    package func samples(of pass: Pass) -> Int { division.peersPerStage }

    /// By coordinates and rows.
    package func shares(of pass: Pass) -> [Double] {
        let own = division.coordinates(of: pass.slot, in: stage).joined().count
        let rows = division.split == .rows ? division.peersPerStage : 1
        let work = Double(own) / Double(quadratic.count * rows * division.microbatches)
        return PassShares.make(stops: stops, forward: work / 3, backward: 2 * work / 3)
    }

    /// The targets of the samples that a slot works at.
    func targets(of slot: Int) -> [[Float]] {
        division.split == .rows ? [quadratic.targets[slot]] : quadratic.targets
    }
}
