import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import SimulatedTraining
import TestKit
import Vectors

@testable import Simulator

/// A small run of an algorithm as a script to be read: what every peer was told and what it wanted, in order.
struct ProtocolTrace {
    var algorithm: String
    var topology = "ring"
    var peers = 3
    var options: [String: OptionValue] = [:]
    /// What goes wrong.
    var faults: [Fault] = []
    /// What a run with faults is about, in a word, and what it shows, in a sentence.
    var story: String?
    var steps: UInt64 = 4
    var moral: String?

    /// The script's file in `Traces/`, without its extension.
    var name: String { story.map { "faults/\(algorithm)-\($0)" } ?? algorithm }

    /// A run that shows each algorithm at work.
    static let all = BatteryRow.algorithms.filter { Algorithms.traits($0.algorithm).division == nil }.map { row in
        ProtocolTrace(
            algorithm: row.algorithm, topology: row.trace.topology, peers: row.trace.peers, options: row.trace.options)
    }

    /// The whole script.

    func text() throws -> String {
        let log = EventLog()
        var run = QuadraticRun()
        run.algorithm = algorithm
        run.topology = topology
        run.options = Options(options)
        run.steps = steps
        run.rate = 0.5
        let targets = (0..<peers).map { [Float($0 * 4), 1] }
        run.network.faults = faults
        run.network.detectionSeconds = 0.02
        run.computeSeconds = { peer, _ in 0.01 + 0.003 * Double(peer) }
        let simulation = try run.simulation(targets: targets)
        for peer in simulation.peers { peer.node.observer = log }
        simulation.start()
        simulation.run()
        simulation.checkEnd()
        let violations = simulation.violations.map { "violation: \($0.what)" }
        return (heading(targets) + lines(log.entries) + violations + ending(simulation)).joined(separator: "\n")
            + "\n"
    }

    private func heading(_ targets: [[Float]]) -> [String] {
        let summary = Algorithms.all.first { $0.name == algorithm }?.summary ?? ""
        let given = options.sorted { $0.key < $1.key }.map { ", \($0.key) \($0.value.written)" }.joined()
        let servers = Algorithms.traits(algorithm).servers > 0 ? " and a server, number \(peers)" : ""
        return [
            "\(algorithm): \(summary)", "",
            "peers 0 to \(peers - 1)\(servers), topology \(topology)\(given), \(steps) steps",
            "peer i's objective is |x - (4i, 1)|^2 / 2, all start at 0, learning rate 0.5",
            "a message takes 1 ms, a gradient of peer i 10 + 3i ms",
        ] + (moral.map { ["a crash is known 20 ms later", "", $0] } ?? []) + [
            "",
            "Each event stands with its milliseconds and its peer, the effects below it; deliveries and the end only",
            "where they have effects. r: round, c: tag, w: weight in the metadata; #n: payload n of that peer; v: its",
            "own vectors.",
            "",
        ]
    }

    private func ending(_ simulation: Simulation) -> [String] {
        [""]
            + simulation.evaluated.enumerated().map { peer, model in
                (simulation.isAlive(PeerID(peer)) ? "peer \(peer) ends with (" : "peer \(peer) died with (")
                    + model.map { "\($0)" }.joined(separator: ", ") + ")"
            }
    }

    /// The log, with the faults between what happened before and after they began.
    private func lines(_ entries: [EventLog.Entry]) -> [String] {
        var pending = faults.map { fault -> (time: Time, fault: Fault) in
            if case .join(_, let time) = fault { (time, fault) } else { (fault.window.start, fault) }
        }.sorted { $0.time < $1.time }[...]
        return entries.flatMap { entry -> [String] in
            switch entry.event {
            case .delivered where entry.effects.isEmpty, .end where entry.effects.isEmpty: return []
            default: break
            }
            var lines: [String] = []
            while let next = pending.first, next.time <= entry.time {
                lines.append("\(place(next.time))     \(next.fault)")
                pending.removeFirst()
            }
            return lines + ["\(place(entry.time))  \(entry.peer)  \(entry.event.line)"]
                + entry.effects.map { String(repeating: " ", count: 15) + $0.line }
        }
    }

    private func place(_ time: Time) -> String {
        let milliseconds = "\(Double(time.nanoseconds / 1000) / 1000)"
        return String(repeating: " ", count: max(0, 8 - milliseconds.count)) + milliseconds
    }
}
