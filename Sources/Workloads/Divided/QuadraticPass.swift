import Experiments
import Gossip
import Optimizers
import Randomness
import Runtime
import Synchronization
import Vectors

/// A pass through a stage of the quadratic.
final class QuadraticPass: PassUnderWay {
    /// How far it has come.
    private struct Place {
        /// Stops so far.
        var stop = 0
        /// The loss of the stages so far, of the samples that are here.
        var loss: Float = 0
        /// The derivative of the microbatch's mean loss by it.
        var slope: Float = 0
    }

    private let work: QuadraticPasses
    private let pass: Pass
    private let model: Payload
    private let place: Mutex<Place>

    init(_ work: QuadraticPasses, _ pass: Pass, at model: Payload) {
        self.work = work
        self.pass = pass
        self.model = model
        // The last stage knows it from the beginning.
        let losses = work.division.split == .rows ? work.slots : 1
        place = Mutex(Place(slope: work.isLast ? 1 / Float(losses) : 0))
    }

    func resume(with parts: [Payload], _ pool: PayloadPool) -> PassHalt? {
        let numbers = parts.map { $0.read { $0[0] } }
        return place.withLock { place in
            let stops = work.stops
            take(numbers, at: place.stop == 0 ? nil : stops[place.stop - 1], &place)
            guard place.stop < stops.count else { return nil }
            defer { place.stop += 1 }
            func halt(sending number: Float?, awaiting count: Int) -> PassHalt {
                let parts = number.map { number in [pool.payload(count: 1) { $0[0] = number }] } ?? []
                return PassHalt(stops[place.stop], parts: parts, incoming: [Int](repeating: 1, count: count))
            }
            switch stops[place.stop] {
            case .previous where place.stop == 0: return halt(sending: nil, awaiting: 1)
            case .previous: return halt(sending: place.slope, awaiting: 0)
            case .next: return halt(sending: place.loss, awaiting: 1)
            case .gather: return halt(sending: ownLoss, awaiting: work.slots)
            case .scatter: preconditionFailure("passes through the quadratic scatter nothing")
            }
        }
    }

    /// Takes in what came at a stop, or begins.
    private func take(_ numbers: [Float], at stop: PassStop?, _ place: inout Place) {
        let addsOwn = work.division.split == .rows
        switch stop {
        case nil where work.isFirst && addsOwn: place.loss = ownLoss
        case .previous where !numbers.isEmpty: place.loss = numbers[0] + (addsOwn ? ownLoss : 0)
        case .gather: place.loss += numbers.reduce(0, +)
        case .next: place.slope = numbers[0]
        case nil, .previous, .scatter: break
        }
    }

    /// Of the slot's own coordinates, the mean over its samples.
    private var ownLoss: Float {
        let targets = work.targets(of: pass.slot)
        var sum = 0.0
        model.read { point in
            for index in own {
                for target in targets {
                    let distance = Double(point[index - work.stage.lowerBound]) - Double(target[index])
                    sum += distance * distance
                }
            }
        }
        return Float(Double(work.quadratic.curvature) * sum / Double(2 * targets.count))
    }

    private var own: [Int] { work.division.coordinates(of: pass.slot, in: work.stage).flatMap(Array.init) }

    /// The gradient of its samples' loss by its own coordinates, times the derivative that came from behind; with the
    /// noise of each sample, which is drawn for all coordinates.
    func end() -> GradientResult {
        let place = place.withLock { $0 }
        let (targets, quadratic, first) = (work.targets(of: pass.slot), work.quadratic, work.stage.lowerBound)
        var gradient = FlatVector(count: work.stage.count)
        let rows = work.division.split == .rows ? [pass.slot] : Array(0..<work.slots)
        gradient.write { gradient in
            model.read { point in
                for (row, target) in zip(rows, targets) {
                    let noise = noise(of: row)
                    for index in own {
                        let slope = quadratic.curvature * (point[index - first] - target[index])
                        gradient[index - first] += (slope + (noise?[index] ?? 0)) / Float(targets.count)
                    }
                }
                for index in 0..<gradient.count { gradient[index] *= place.slope }
                var shaping = work.shaping
                shaping.weightDecay *= place.slope
                let decayed = work.division.coordinates(of: pass.slot, in: work.stage).map {
                    ($0.lowerBound - first)..<($0.upperBound - first)
                }
                shaping.apply(to: &gradient, at: point, decaying: decayed)
            }
        }
        let reports = work.isLast && (work.division.split == .rows || pass.slot == 0)
        return GradientResult(
            gradient: gradient,
            report: GradientReport(
                loss: reports ? place.loss * place.slope : 0, correct: 0, samples: reports ? targets.count : 0))
    }

    private func noise(of row: Int) -> [Float]? {
        guard work.quadratic.noise > 0 else { return nil }
        var random = RandomStream(seed: work.seed, purpose: .noise, peer: row, round: pass.microbatch)
        return (0..<work.quadratic.count).map { _ in work.quadratic.noise * Float(random.normal()) }
    }

    func drop() {}
}
