import Gossip
import Randomness
import Runtime
import Testing
import Vectors

@testable import Workloads

/// The learners of a divided model, whose passes are carried out by hand in an order by chance.
final class PassCrew {
    /// One learner.
    private final class Seat {
        var learner: any Learner & ~Copyable
        let model: Payload
        var gradient: [Float]

        init(_ learner: consuming any Learner & ~Copyable, _ model: Payload) {
            self.learner = learner
            self.model = model
            gradient = [Float](repeating: 0, count: model.count)
        }
    }

    /// Where a pass is: its stage, and the pass.
    private struct Place: Hashable {
        let stage: Int
        let pass: Pass
    }

    private let workload: any Workload
    private let division: Division
    private let stages: Int
    private let pool = PayloadPool()
    /// Who computes the passes of each slot.
    private let deputies: [Int]
    private var seats: [Seat] = []
    private var ready: [(place: Place, request: PassRequest)] = []
    /// Passes that wait for the stage before or behind, and parts that came before they were waited for.
    private var waiting: Set<Place> = []
    private var early: [Place: Payload] = [:]
    /// The parts of those who have come to an exchange within a stage.
    private var gathered: [Place: [Int: [Payload]]] = [:]
    /// What the requests of a batch have cost.
    private(set) var cost = 0.0
    /// Of all samples: what a peer's line of training is made of.
    private(set) var lossSum = 0.0
    private(set) var report = (loss: Float(0), correct: 0, samples: 0)

    init(_ workload: any Workload, _ division: Division, peers: Int, deputies: [Int]? = nil) throws {
        self.workload = workload
        self.division = division
        stages = division.stageCount(peers: peers)
        self.deputies = deputies ?? Array(0..<division.peersPerStage)
        let parts = PlanCache()
        for peer in 0..<peers {
            seats.append(
                Seat(
                    try workload.learner(of: peer, sharing: parts),
                    Payload(workload.initialModel(of: peer).array())))
        }
    }

    private func seat(_ place: Place) -> Seat {
        seats[place.stage * division.peersPerStage + deputies[place.pass.slot]]
    }

    /// Begins the passes of these microbatches in all stages.
    func begin(_ microbatches: [UInt64]) {
        for microbatch in microbatches {
            for stage in 0..<stages {
                for slot in 0..<division.peersPerStage {
                    let place = Place(stage: stage, pass: Pass(microbatch: microbatch, slot: slot))
                    ready.append((place, PassRequest(beginning: place.pass, at: seat(place).model)))
                }
            }
        }
    }

    /// Computes so many requests, or all that there are to the end.
    func run(_ order: inout RandomStream, requests: Int = .max) {
        var count = 0
        while !ready.isEmpty, count < requests {
            let (place, request) = ready.remove(at: order.integer(below: ready.count))
            let seat = seat(place)
            cost += seat.learner.cost(of: request)
            let result = seat.learner.advance(request, pool)
            let report = result.report
            if let gradient = result.takeGradient() { take(gradient, report, of: seat) }
            route(report, at: place)
            count += 1
        }
    }

    private func take(_ gradient: consuming FlatVector, _ report: PassReport, of seat: Seat) {
        gradient.read { gradient in
            for index in gradient.indices { seat.gradient[index] += gradient[index] / Float(division.microbatches) }
        }
        self.report.loss += report.gradient.loss / Float(division.microbatches)
        lossSum += Double(report.gradient.loss) * Double(report.microbatchSamples)
        self.report.correct += report.gradient.correct
        self.report.samples += report.gradient.samples
    }

    private func route(_ report: PassReport, at place: Place) {
        func deliver(_ part: Payload, to stage: Int) {
            let other = Place(stage: stage, pass: place.pass)
            if waiting.remove(other) == nil {
                #expect(early.updateValue(part, forKey: other) == nil)
            } else {
                ready.append((other, PassRequest(resuming: other.pass, with: [part])))
            }
        }
        func wait() {
            if let part = early.removeValue(forKey: place) {
                ready.append((place, PassRequest(resuming: place.pass, with: [part])))
            } else {
                waiting.insert(place)
            }
        }
        switch report.stop {
        case nil: return
        case .previous where report.parts.isEmpty: wait()
        case .previous:
            deliver(report.parts[0], to: place.stage - 1)
            ready.append((place, PassRequest(resuming: place.pass, with: [])))
        case .next:
            deliver(report.parts[0], to: place.stage + 1)
            wait()
        case .gather, .scatter: exchange(report, at: place)
        }
    }

    private func exchange(_ report: PassReport, at place: Place) {
        let slots = division.peersPerStage
        let stage = Place(stage: place.stage, pass: Pass(microbatch: place.pass.microbatch, slot: 0))
        gathered[stage, default: [:]][place.pass.slot] = report.parts
        guard let parts = gathered[stage], parts.count == slots else { return }
        gathered[stage] = nil
        for slot in 0..<slots {
            let index = report.stop == .gather ? 0 : slot
            let pass = Pass(microbatch: place.pass.microbatch, slot: slot)
            ready.append(
                (
                    Place(stage: place.stage, pass: pass),
                    PassRequest(resuming: pass, with: (0..<slots).compactMap { parts[$0]?[index] })
                ))
        }
    }

    /// The gradient of the whole model: slots' shares add up.
    var gradient: [Float] {
        stride(from: 0, to: seats.count, by: division.peersPerStage).flatMap { first in
            let slots = seats[first..<(first + division.peersPerStage)]
            return slots.dropFirst().reduce(slots[first].gradient) { zip($0, $1.gradient).map(+) }
        }
    }

    /// Makes all learners anew from what they tell of themselves.
    func restore() throws {
        let parts = PlanCache()
        for (peer, seat) in seats.enumerated() {
            let state = seat.learner.state
            var learner = try workload.learner(of: peer, sharing: parts)
            try learner.restore(state)
            #expect(learner.state == state)
            seat.learner = learner
        }
    }
}
