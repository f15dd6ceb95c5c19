import Foundation
import Records
import Reports

/// What is known of a run by the records that it has left so far.
struct WatchedRun {
    /// What the run is, in a line.
    let title: String
    private(set) var isOver = false
    private(set) var pulse: PulseRecord?
    /// The pulse before it, with which it is compared.
    private(set) var before: PulseRecord?
    /// How well the model does that the run is judged by, and how far the models are from each other.
    private(set) var test: (step: Int, time: Double, accuracy: Double?, loss: Double?)?
    private(set) var distance: Double?
    private(set) var network: (messages: Int, bytes: Int)?
    /// The last loss of each peer on what it learns from.
    private(set) var losses: [Int: Double] = [:]
    private(set) var summary: Summary?
    private var hasServer = false
    private let folder: String

    /// - Parameter settings: those of the run's `config.yaml`; none where it is not known.
    init(_ settings: [(key: String, value: String)], folder: String) {
        self.folder = folder
        func value(_ key: String) -> String? { settings.first { $0.key == key }.map { printable($0.value) } }
        let parts = [
            value("algorithm.name"), value("peers").map { "\($0) peers" },
            value("model.name").map { model in
                model + (value("data.name").map { model == "quadratic" ? "" : " on \($0)" } ?? "")
            },
        ].compactMap(\.self)
        title = (value("name") ?? folder) + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }

    /// Takes in what has happened; a line about it where it is worth one in a log.
    mutating func take(_ news: RunFollower.News) -> String? {
        switch news {
        case .restarted:
            let former = self
            self = WatchedRun([], folder: folder, title: former.title)
            return "the run goes on from a checkpoint"
        case .line(let line):
            guard let record = try? MetricsRecord(line: line) else { return nil }
            return take(record)
        case .over(let text):
            isOver = true
            summary = text.flatMap { try? Summary(text: $0) }
            return nil
        }
    }

    private init(_ settings: [(key: String, value: String)], folder: String, title: String) {
        self.folder = folder
        self.title = title
    }

    private mutating func take(_ record: MetricsRecord) -> String? {
        switch record {
        case .learning(let step, let time, _, let subject, .test, let loss, let accuracy, _, _):
            if subject == .server { hasServer = true }
            if subject == (hasServer ? .server : .consensus) { test = (step, time, accuracy, loss) }
            return nil
        case .learning(_, _, _, .peer(let peer), .train, let loss, _, _, _):
            losses[peer] = loss
            return nil
        case .learning, .span, .stage: return nil
        case .consensus(_, _, let distance):
            self.distance = distance
            return test.map { "test   step \($0.step), \(decimal($0.time, 1)) s: " + figures }
        case .network(_, _, let messages, let bytes):
            network = (messages, bytes)
            return nil
        case .pulse(let pulse):
            let dead = Set((self.pulse?.peers ?? []).indices.filter { self.pulse?.peers[$0].state == .dead })
            (before, self.pulse) = (self.pulse, pulse)
            let died = pulse.peers.indices.filter { pulse.peers[$0].state == .dead && !dead.contains($0) }
            return died.isEmpty ? nil : "died   " + died.map { "peer \($0)" }.joined(separator: ", ")
        }
    }

    /// How well the model does.
    var figures: String {
        var parts: [String] = []
        if let accuracy = test?.accuracy { parts.append("accuracy \(decimal(accuracy, 4))") }
        if let loss = test?.loss { parts.append("loss \(decimal(loss, 4))") }
        if let distance { parts.append("consensus distance \(Quantity.distance(distance))") }
        return parts.joined(separator: ", ")
    }

    /// How far the run is; nil before it has said so.
    var progress: ProgressLine? {
        guard let pulse else { return nil }
        var line = ProgressLine(
            label: "train", done: pulse.steps.done, total: pulse.steps.total, seconds: pulse.time)
        if !losses.isEmpty {
            line.values.append(("loss", decimal(losses.values.reduce(0, +) / Double(losses.count), 3)))
        }
        if let accuracy = test?.accuracy { line.values.append(("accuracy", decimal(accuracy, 3))) }
        if pulse.time > 0 { line.values.append(("samples/s", decimal(Double(pulse.samples) / pulse.time, 0))) }
        return line
    }

    /// What the run came to, when it is over.
    var ending: String? {
        guard isOver else { return nil }
        guard let summary else { return "nobody writes into \(folder) any more, and there is no summary of the run" }
        return "over after \(decimal(summary.trainSeconds, 1)) s of training: accuracy "
            + "\(decimal(summary.evaluatedAccuracy, 4)), loss \(decimal(summary.testLoss, 4)), "
            + "\(decimal(summary.samplesPerSecond, 0)) samples/s, \(summary.messagesSent) messages, "
            + bytes(summary.bytesSent)
    }
}

/// A text of somebody else's, without what a terminal would obey.
func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isPrintable ? $0 : "\u{FFFD}" }))
}

extension Unicode.Scalar.Properties {
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
