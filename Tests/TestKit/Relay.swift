public import Configuration
public import Gossip
import Graphs

/// Two peers, each with one of the stages of `RelayLearner`: two microbatches a step, of which both begin before the
/// first comes back.
public struct Relay: Algorithm {
    public static let description = Description(name: "relay", summary: "two stages of one peer each")

    private struct Turn: Codable {
        let pass: Pass
        let isBeginning: Bool
        let part: PayloadID?
    }

    private let stage: Int
    private var steps: UInt64
    private var step: UInt64 = 0
    private var ended = 0
    private var turns: [Turn] = []
    /// Activations that have come and wait for their pass to ask for them, by microbatch.
    private var activations: [UInt64: PayloadID] = [:]
    private var isComputing = false

    public init(stage: Int, steps: UInt64) {
        self.stage = stage
        self.steps = steps
    }

    public init(_ setup: Setup, options: Options) { preconditionFailure("a relay is not made by its name") }

    public var awaitsNextStep: Bool { true }

    public mutating func handle(_ event: Event, now: Time, _ effects: inout Effects) {
        switch event {
        case .start: if stage == 0 { beginStep() }
        case .received(.some(let payload), let metadata, _):
            let pass = Pass(microbatch: metadata.round, slot: 0)
            effects.keep(payload)
            if stage == 1 { activations[metadata.round] = payload }
            turns.append(Turn(pass: pass, isBeginning: stage == 1, part: stage == 0 ? payload : nil))
        case .passStopped(let pass, _, let parts):
            isComputing = false
            if let part = parts.first {
                effects.send(.received(part), metadata: Metadata(round: pass.microbatch), to: stage == 0 ? 1 : 0)
            }
            if stage == 1 {
                let part = activations.removeValue(forKey: pass.microbatch)
                turns.insert(Turn(pass: pass, isBeginning: false, part: part), at: 0)
            }
        case .passEnded:
            isComputing = false
            end(&effects)
        case .stop(let step): steps = min(steps, step)
        default: break
        }
        guard !isComputing, !turns.isEmpty else { return }
        compute(turns.removeFirst(), &effects)
    }

    private mutating func beginStep() {
        for microbatch in [2 * step, 2 * step + 1] {
            turns.append(Turn(pass: Pass(microbatch: microbatch, slot: 0), isBeginning: true, part: nil))
        }
    }

    private mutating func compute(_ turn: Turn, _ effects: inout Effects) {
        isComputing = true
        if turn.isBeginning { return effects.beginPass(turn.pass) }
        effects.resumePass(turn.pass, parts: turn.part.map { [$0] } ?? [])
        if let part = turn.part { effects.release(part) }
    }

    /// Adds up the gradients of the step, and ends it with the second.
    private mutating func end(_ effects: inout Effects) {
        ended += 1
        if ended == 1 { return effects.combine(into: .named(0), Term(0.5, .gradient)) }
        effects.combine(into: .gradient, Term(1, .named(0)), Term(0.5, .gradient))
        effects.update()
        effects.endStep()
        ended = 0
        step += 1
        if step >= steps { effects.finish() } else if stage == 0 { beginStep() }
    }

    /// The models of both after so many steps from `models` on, by a plain loop.
    public static func models(after steps: UInt64, from models: [[Float]], rate: Float) -> [[Float]] {
        var (first, second) = (models[0], models[1])
        for step in 0..<steps {
            var sums: [[Float]] = [[0, 0], [0, 0]]
            for microbatch in [2 * step, 2 * step + 1] {
                let point = RelayLearner.point(microbatch)
                let activations = [first[0] * point[0], first[1] * point[1]]
                let error = second[0] * activations[0] + second[1] * activations[1] - 1
                for index in 0..<2 {
                    sums[0][index] += 0.5 * (error * second[index] * point[index])
                    sums[1][index] += 0.5 * (error * activations[index])
                }
            }
            for index in 0..<2 {
                first[index] -= rate * sums[0][index]
                second[index] -= rate * sums[1][index]
            }
        }
        return [first, second]
    }
}
