import Foundation
import Records
import Reports
import Training

/// The end of a run as people read it: the model that it is judged by, the others, then the facts of the run.
func resultTable(
    _ summary: Summary, models: [(name: String, accuracy: Double?, loss: Double?)], folder: String
) -> String {
    var table = Table(columns: [.left, .right, .right])
    table.rows.append(["model", "test accuracy", "test loss"])
    table.rows.append([
        summary.evaluated?.rawValue ?? "consensus", decimal(summary.evaluatedAccuracy, 4), decimal(summary.testLoss, 4),
    ])
    table.rows += models.map { [$0.name, decimal($0.accuracy, 4), decimal($0.loss, 4)] }
    return table.text + "\n" + runFacts(summary).map { $0 + "\n" }.joined() + "records    \(folder)\n"
}

/// What the run was and what it took, a line each.
private func runFacts(_ summary: Summary) -> [String] {
    let data = summary.models == nil ? " on \(summary.data)" : ""
    var facts = [
        "run        \(summary.algorithm), \(summary.model)\(data), \(count(summary.peers, "peer")), "
            + "seed \(summary.seed)",
        "training   \(decimal(summary.trainSeconds, 1)) s for \(count(summary.samplesSeen, "sample")) "
            + "(\(decimal(summary.samplesPerSecond, 0)) a second), \(decimal(summary.wallSeconds, 1)) s in all",
        "talking    \(count(summary.messagesSent, "message")), \(bytes(summary.bytesSent))",
    ]
    var consensus: [String] = []
    if let distance = summary.consensusDistance { consensus.append("distance \(Quantity.distance(distance))") }
    if let mass = summary.weightMass { consensus.append("weight mass " + String(format: "%.12g", mass)) }
    if !consensus.isEmpty { facts.append("consensus  " + consensus.joined(separator: ", ")) }
    if let seconds = summary.timeToTargetSeconds {
        facts.append("target     reached after \(decimal(seconds, 1)) s of training")
    }
    return facts
}

func decimal(_ value: Double?, _ places: Int) -> String {
    guard let value else { return "-" }
    return value.isNaN ? "nan" : value.isFinite ? String(format: "%.\(places)f", value) : "\(value)"
}

private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

/// A number of bytes in the largest unit of which there is at least one.
func bytes(_ count: Int) -> String { Quantity.bytes(Double(count)) }
