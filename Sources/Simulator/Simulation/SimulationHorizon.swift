package import Conditions
package import Configuration
package import Gossip
import Graphs

/// How long a run may take in virtual time.
package struct SimulationHorizon {
    /// When the run would be over at the latest if nothing went wrong.
    package let end: Time
    /// Messages of a step that may have to wait for each other. All-reduce makes two rounds of as many messages as
    /// there are peers; nobody sends more in a step.
    private let messagesPerStep: Double
    private let steps: Double
    private let loss: Double
    /// Later than this nothing may be planned: moments count to some 146 years.
    private static let longestSeconds = 1e8
    /// Random faults of a run: some hundred megabytes.
    private static let drawnLimit = 1e6

    /// Throws where the run would take longer than virtual time counts.
    ///
    /// - Parameters:
    ///   - steps: What each learner is to make, and how many more it may.
    ///   - largestMessage: Numbers in the longest vector that is sent.
    ///   - microbatches: Of how many parts of a batch peers talk where they divide one network.
    package init(
        peers: Int, steps: (asked: UInt64, beyond: UInt64), largestMessage: Int, microbatches: Int = 1,
        network: NetworkSettings, machines: MachineSettings
    ) throws(ConfigurationError) {
        let gradient =
            switch machines.compute.shape {
            case .constant(let seconds): seconds
            case .normal(let mean, let spread): mean * (1 + 4 * spread)
            case .trace(let seconds): seconds.max() ?? 0
            }
        let slowest = max(1, machines.compute.factors.values.max() ?? 1)
        let latency = network.latency.meanSeconds * (1 + 4 * network.latency.spread)
        let transfer = network.bitsPerSecond.map { Double(largestMessage * 32 + 1088) / $0 } ?? 0
        self.steps = Double(steps.asked + 2) + Double(steps.beyond)
        // Parts of a divided model talk about each microbatch.
        messagesPerStep = 4 * Double(peers + 1) * Double(microbatches)
        loss = network.loss
        let seconds = self.steps * (gradient * slowest + messagesPerStep * (latency + transfer))
        guard seconds <= Self.longestSeconds else {
            throw ConfigurationError(
                key: "simulation",
                "\(steps.asked) steps with these times take up to \(seconds) s of virtual time; make it at most "
                    + "\(Self.longestSeconds) s by fewer steps, or shorter compute_ms or latency_ms")
        }
        end = Time(seconds: seconds)
    }

    /// The list with its random faults drawn, as far as a run may well get and not for the years until all heals.
    ///
    /// Throws for more of them than there may be.
    ///
    /// - Parameter healAt: From when on nothing goes wrong; nil where that is not said.
    package func drawn(_ list: FaultList, healAt: TimeSpan?) throws(ConfigurationError) -> FaultList {
        let wanted = healAt.map { Time(nanoseconds: $0.nanoseconds) } ?? end
        let last = min(wanted, Time(seconds: 10 * (end.seconds + 1)))
        let count = list.expectedCount(until: last)
        guard count <= Self.drawnLimit else {
            throw ConfigurationError(
                key: "simulation.faults",
                "some \(count.rounded()) random faults would be drawn for \(last.seconds) s; make it at most "
                    + "\(Self.drawnLimit) by a smaller per_hour or an earlier heal_at")
        }
        return list.expanded(until: last)
    }

    /// When whoever is not done has lost his way: long after the end, and after the last fault that ends. Losses that
    /// never end are paid in repetitions.
    ///
    /// A message and its acknowledgement both get through with the probability `s`, so that a message is sent `r` times
    /// with the probability `s (1 - s)^(r - 1)`, and `r` times take at most `33 r + r^2 / 2` patiences (see `Session`):
    /// `33 / s + 1 / s^2` of them on average. Of a hundred times that, one in ten million is left where all hangs on a
    /// single message; where many wait for each other, none.
    ///
    /// Throws where that is longer than virtual time counts.
    package func deadline(_ list: FaultList, patienceSeconds: Double) throws(ConfigurationError) -> Time {
        let lastEnd = list.faults.compactMap { $0.window.end ?? $0.window.start }.max() ?? .zero
        var (lasting, passing) = ([PeerID: Double](), 1.0)
        var arrives = 1 - loss
        var late = 0.0
        for fault in list.faults {
            let isForGood = fault.window.end == nil
            switch fault {
            case .slow(let peer, let factor, _):
                if isForGood { lasting[peer, default: 1] *= max(1, factor) } else { passing = max(passing, factor) }
            case .drop(let share, _), .corrupt(let share, _): if isForGood { arrives *= 1 - share }
            case .delay(_, let span, _): if isForGood { late += span.seconds }
            default: break
            }
        }
        let success = arrives * arrives
        // Where nothing gets through at all nobody waits for it to end well.
        let repetitions = success < 1 && success > 0 ? patienceSeconds * (33 / success + 1 / (success * success)) : 0
        guard steps * (repetitions + late) <= Self.longestSeconds else {
            throw ConfigurationError(
                key: "simulation",
                "with what gets lost and late the run takes some \(steps * (repetitions + late)) s of virtual time; "
                    + "make it at most \(Self.longestSeconds) s by smaller losses and delays, or fewer steps")
        }
        let stragglerDelay = (lasting.values.max() ?? 1) * passing
        guard stragglerDelay * end.seconds <= Self.longestSeconds else {
            throw ConfigurationError(
                key: "simulation.faults",
                "with peers that are \(stragglerDelay) times as slow the run takes up to "
                    + "\(stragglerDelay * end.seconds) s of virtual time; make it at most \(Self.longestSeconds) s by "
                    + "smaller factors or fewer steps")
        }
        let seconds = stragglerDelay * (end.seconds + 1) + steps * messagesPerStep * (repetitions + late)
        return Time(seconds: min(4e9, 100 * seconds + lastEnd.seconds))
    }
}
