import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import Vectors

/// What a simulation has come to.
extension CalledSimulation {
    /// All of it as a JSON object, keys in alphabetical order.
    func report() -> JSON {
        var fields: [(key: String, value: JSON)] = [
            ("algorithm", .string(plan.algorithm.name)), ("peers", .integer(plan.peers)),
        ]
        let (name, sentence) = endingWords
        fields += [("ending", .string(name)), ("sentence", sentence.map(JSON.string) ?? .null)]
        guard let world else { return JSON.object(fields).sorted }
        let seen = world.statistics
        fields += [
            ("virtual_seconds", .number(world.now.seconds)), ("digest", .string(seen.digest.hexadecimal)),
            ("events", .integer(seen.events)), ("messages", .integer(seen.messages)),
            ("delivered", .integer(seen.delivered)), ("dropped", .integer(seen.dropped)),
            ("duplicated", .integer(seen.duplicated)), ("corrupted", .integer(seen.corrupted)),
            ("crashes", .integer(seen.crashes)), ("restarts", .integer(seen.restarts)),
            ("joins", .integer(seen.joins)), ("faults", .string(world.settings.faults.description)),
            ("violations", .array(world.violations.map { .string($0.description) })),
            ("undelivered", .integer(world.undeliveredCount)),
        ]
        let nodes = (0..<world.peerCount).map { PeerID($0) }
        let statistics = nodes.map { world.statistics(of: $0) }
        let steps = survivors.map { Int(world.statistics(of: $0).steps) }
        fields += [
            ("peer_steps", .integer(Int(stepsOfLearners))), ("steps_min", .integer(steps.min() ?? 0)),
            ("steps_max", .integer(steps.max() ?? 0)), ("bytes", .integer(statistics.map(\.bytesSent).reduce(0, +))),
            ("consensus_distance", consensusDistance.map(JSON.number) ?? .null),
        ]
        let mass = mass
        fields += [
            ("weight_mass", mass.map(JSON.number) ?? .null),
            ("lost_mass", mass == nil ? .null : .number(world.lostMass)),
            ("made_mass", mass == nil ? .null : .number(world.madeMass)),
            ("per_peer", .array(nodes.prefix(plan.peers).map { standing(of: $0, world) })),
        ]
        return JSON.object(fields).sorted
    }

    /// How far it has come in its own time.
    var virtualSeconds: Double { world?.now.seconds ?? 0 }

    /// Steps that all learners have made together.
    var stepsOfLearners: UInt64 {
        guard let world else { return 0 }
        return (0..<plan.peers).reduce(0) { $0 + world.statistics(of: PeerID($1)).steps }
    }

    /// The mean loss over the batches of all learners since somebody asked; nil where there was none.
    func takeLoss() -> Double? {
        guard let world else { return nil }
        let losses = (0..<plan.peers).compactMap { world.takeLosses(of: PeerID($0))?.loss }
        return losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count)
    }

    private var endingWords: (name: String, sentence: String?) {
        switch ending {
        case nil: ("running", nil)
        case .completed: ("completed", nil)
        case .violated(let sentence): ("violated", sentence)
        case .diverged(let sentence): ("diverged", sentence)
        case .abandoned(let sentence): ("abandoned", sentence)
        }
    }

    /// The root mean square distance of the models of those who live from their average; nil where nobody does.
    private var consensusDistance: Double? {
        guard let world, let mean = mean() else { return nil }
        let squares = survivors.map { peer in
            world.snapshot(of: peer).read { model in
                model.indices.reduce(0.0) { sum, index in
                    let difference = Double(model[index]) - mean[index]
                    return sum + difference * difference
                }
            }
        }
        return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }

    /// What the algorithm's weights add up to, with what is under way; nil where it has none.
    private var mass: Double? {
        guard let world else { return nil }
        let held = (0..<world.peerCount).map { PeerID($0) }.filter { world.isAlive($0) }.flatMap { peer in
            world.algorithm(of: peer).invariants.filter { $0.name == Invariant.mass }.map(\.held)
        }
        return held.isEmpty ? nil : held.reduce(0, +) + world.massInFlight
    }

    private func standing(of peer: PeerID, _ world: Simulation) -> JSON {
        let statistics = world.statistics(of: peer)
        return .object([
            ("alive", .boolean(world.isAlive(peer))), ("bytes", .integer(statistics.bytesSent)),
            ("finished", .boolean(world.isFinished(peer))), ("messages", .integer(statistics.messagesSent)),
            ("samples", .integer(statistics.samples)), ("seconds", .number(world.lastStepAt(of: peer).seconds)),
            ("steps", .integer(Int(statistics.steps))),
        ])
    }
}
