import Foundation
import Records
import Reports
import SimulatedTraining
import Simulator
import Training

/// The end of a simulated run as people read it.
func outcomeTable(_ outcome: SimulationOutcome, folder: String?) -> String {
    let (summary, statistics) = (outcome.summary, outcome.statistics)
    let data = summary.models == nil ? " on \(summary.data)" : ""
    var facts = [
        "run        \(summary.algorithm), \(summary.model)\(data), \(summary.peers) peers, seed \(summary.seed)",
        "time       \(decimal(outcome.virtualSeconds, 3)) s of virtual time in \(decimal(summary.wallSeconds, 2)) s "
            + "(\(decimal(outcome.peerStepsPerSecond, 0)) peer-steps a second)",
        "steps      \(outcome.stepsMin) to \(outcome.stepsMax) a peer",
        "network    \(statistics.messages) messages, \(statistics.delivered) delivered, \(statistics.dropped) dropped, "
            + "\(statistics.duplicated) duplicated, \(statistics.corrupted) corrupted",
    ]
    if statistics.joins > 0 { facts.append("joined     \(statistics.joins)") }
    for late in outcome.joiners {
        facts.append(
            "fewer      peer \(late.peer) made \(late.steps) steps: it took part behind the others' first ones")
    }
    if statistics.crashes > 0 {
        facts.append("crashes     \(statistics.crashes), \(statistics.restarts) of them came back")
    }
    let model = summary.evaluated == .server ? "server's" : "average"
    if let accuracy = summary.evaluatedAccuracy {
        let peers = summary.testAccuracy.min.flatMap { least in
            summary.testAccuracy.max.map { "; each peer's \(decimal(least, 4)) to \(decimal($0, 4))" }
        }
        facts.append("accuracy   \(decimal(accuracy, 4)) of the \(model) model" + (peers ?? ""))
    }
    if let loss = summary.testLoss { facts.append("loss       \(decimal(loss, 4)) of the \(model) model") }
    var consensus: [String] = []
    if let distance = summary.consensusDistance { consensus.append("distance \(Quantity.distance(distance))") }
    if let mass = summary.weightMass { consensus.append("weight mass " + String(format: "%.12g", mass)) }
    if let lost = outcome.lostMass, lost != 0 { consensus.append("lost " + String(format: "%.6g", lost)) }
    if let made = outcome.madeMass, made != 0 {
        consensus.append("made by returns " + String(format: "%.6g", made))
    }
    if !consensus.isEmpty { facts.append("consensus  " + consensus.joined(separator: ", ")) }
    facts.append("promises   " + (outcome.violations.isEmpty ? "all kept" : "broken"))
    facts.append("digest     \(outcome.digest)")
    if let folder { facts.append("records    \(folder)") }
    return facts.map { $0 + "\n" }.joined()
}
