import Configuration
import Foundation
import Records
import Reports

/// A number that runs are compared by: a column of a table, and what claims are about.
public struct Measure: Sendable {
    /// The name in experiment files and headings of CSV, units last.
    public let name: String
    /// The heading of its column.
    public let title: String
    /// One line on what it means.
    let summary: String
    let better: Direction
    let form: Form
    private let value: @Sendable (FinishedRun) -> Double?

    /// Which of two numbers is the better one.
    enum Direction: Sendable { case higher, lower, neither }

    /// How it is written.
    enum Form: Sendable { case share, percent, decimal, distance, count, bytes, seconds }

    init(
        _ name: String, _ title: String, _ better: Direction, _ form: Form, _ summary: String,
        _ value: @escaping @Sendable (FinishedRun) -> Double?
    ) {
        self.name = name
        self.title = title
        self.better = better
        self.form = form
        self.summary = summary
        self.value = value
    }

    /// What it is in a run; nil where the run has no such number, or did not come to it.
    func value(in run: FinishedRun) -> Double? {
        value(run).flatMap { $0.isFinite ? $0 : nil }
    }

    /// What stands for it, in an order, where a run did not come to it: worse than any number.
    var worst: Double { better == .higher ? -.infinity : .infinity }

    /// All of them, in the order of lists.
    public static let all: [Measure] = judged + spent + waited + trusted

    /// The columns of a table that names none.
    public static let usual = [
        "accuracy", "time_to_target_seconds", "samples_per_second", "bytes_sent", "waiting_share",
        "consensus_distance",
    ].compactMap(named)

    /// The measure of a name; nil for an unknown one.
    static func named(_ name: String) -> Measure? { all.first { $0.name == name } }
}

extension Measure {
    private static let judged = [
        Measure("accuracy", "accuracy", .higher, .share, "test accuracy of the model that the run is judged by") {
            $0.summary.evaluatedAccuracy
        },
        Measure("best_accuracy", "best accuracy", .higher, .share, "the highest that any of its tests found") {
            $0.course.tests.compactMap(\.accuracy).max()
        },
        Measure("accuracy_mean", "of the peers", .higher, .share, "mean test accuracy of the peers' own models") {
            $0.summary.testAccuracy.mean
        },
        Measure("accuracy_min", "worst peer", .higher, .share, "test accuracy of the least accurate peer") {
            $0.summary.testAccuracy.min
        },
        Measure("loss", "loss", .lower, .decimal, "mean test loss of the model that the run is judged by") {
            $0.summary.testLoss
        },
        Measure(
            "generalization_gap", "train - test", .neither, .decimal,
            "accuracy on the last training batches less that on the test set"
        ) { run in
            let batches = run.course.training.suffix(10).compactMap(\.accuracy)
            guard !batches.isEmpty, let accuracy = run.summary.evaluatedAccuracy else { return nil }
            return batches.reduce(0, +) / Double(batches.count) - accuracy
        },
        Measure(
            "consensus_distance", "apart", .lower, .distance,
            "root mean square distance of the peers' models to their average"
        ) { $0.summary.peers > 1 ? $0.summary.consensusDistance : nil },
    ]

    private static let spent = [
        Measure("time_to_target_seconds", "time to target", .lower, .seconds, "until evaluate.target_accuracy was met")
        { $0.summary.timeToTargetSeconds },
        Measure("steps_to_target", "steps to target", .lower, .count, "steps of a peer until that") {
            $0.firstAtTarget.map { Double($0.step) }
        },
        Measure("epochs_to_target", "epochs to target", .lower, .decimal, "passes over the training set until that") {
            $0.firstAtTarget.map(\.epoch)
        },
        Measure("train_seconds", "training", .lower, .seconds, "seconds of training") { $0.summary.trainSeconds },
        Measure("samples_seen", "samples", .neither, .count, "samples that all peers learned from") {
            Double($0.summary.samplesSeen)
        },
        Measure("samples_per_second", "samples/s", .higher, .count, "those by the seconds of training") {
            $0.summary.samplesPerSecond
        },
        Measure("messages_sent", "messages", .lower, .count, "messages that all peers sent") {
            Double($0.summary.messagesSent)
        },
        Measure("bytes_sent", "sent", .lower, .bytes, "bytes of the payloads of those") {
            Double($0.summary.bytesSent)
        },
    ]

    private static let waited = [
        Measure("waiting_share", "waiting", .lower, .percent, "waiting in the time of all peers") { run in
            let summary = run.summary
            let all =
                summary.gradientSeconds + (summary.updateSeconds ?? 0) + summary.communicationSeconds
                + summary.waitingSeconds
            return all > 0 ? summary.waitingSeconds / all : nil
        },
        Measure("waiting_seconds", "blocked", .lower, .seconds, "seconds that a peer waited, in the mean of all") {
            $0.summary.perPeer == nil ? nil : $0.summary.waitingSeconds / Double($0.summary.peers)
        },
    ]
}

extension FinishedRun {
    /// The first test that found the accuracy asked for.
    fileprivate var firstAtTarget: RunCourse.Point? {
        guard let target = planned.targetAccuracy else { return nil }
        return course.tests.first { ($0.accuracy ?? 0) >= target }
    }
}
