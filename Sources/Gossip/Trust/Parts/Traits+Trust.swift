import Configuration
import Graphs

extension Traits {
    /// These, with what trust wants besides, where it is chosen: edges that are there in every round and go both ways.
    func judging(_ options: Options) -> Traits {
        guard (try? TrustSettings.chosen(options)) != nil else { return self }
        var traits = self
        // Nobody waits for one whose edge rests.
        traits.keepsStepWithNeighbours = false
        for need in [MixingProperty.symmetric, .constant] where !needs.contains(need) { traits.needs.append(need) }
        return traits.scoring(options)
    }

    /// These, and that models are scored, where neighbours are judged by that.
    func scoring(_ options: Options) -> Traits {
        var traits = self
        if (try? TrustSettings.chosen(options))?.aspects.contains(.useful) == true {
            (traits.needsScores, traits.scoresByLoss) = (true, true)
        }
        return traits
    }
}
