import Foundation
import Runs
import Training

/// A line that shows how far something is, in the form that tqdm has made known:
/// `train:  42%|████▏     | 126/300 [00:02<00:02, 63.00step/s, loss=0.12]`.
struct ProgressLine {
    var label: String
    var done: Int
    var total: Int
    var seconds: Double
    var unit = "step"
    /// What is shown behind the rate, such as `loss=0.12`.
    var values: [(name: String, text: String)] = []

    /// The line for a width, which the bar fills; with a bar of ten characters where there is no width.
    ///
    /// Where the width does not hold a bar of ten characters, the last values give way first.
    func text(columns: Int?) -> String {
        let fraction = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
        let percent = String(Int(fraction * 100))
        let head = "\(label): " + String(repeating: " ", count: 3 - percent.count) + percent + "%|"
        guard let columns else { return head + Self.bar(fraction, width: 10) + tail(values[...]) }
        // The last column stays free: some terminals wrap as soon as it is filled.
        var shown = values[...]
        func room() -> Int { columns - 1 - head.count - tail(shown).count }
        while room() < 10, !shown.isEmpty { shown.removeLast() }
        let line = head + Self.bar(fraction, width: min(room(), 60)) + tail(shown)
        return String(line.prefix(max(columns - 1, 0)))
    }

    /// What stands behind the bar.
    private func tail(_ values: ArraySlice<(name: String, text: String)>) -> String {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let remaining = rate > 0 ? Self.clock(Double(total - done) / rate) : "?"
        let notes = ([rateText(rate)] + values.map { "\($0.name)=\($0.text)" }).joined(separator: ", ")
        return "| \(done)/\(total) [\(Self.clock(seconds))<\(remaining), \(notes)]"
    }

    private func rateText(_ rate: Double) -> String {
        if rate <= 0 { return "?\(unit)/s" }
        return rate >= 1
            ? String(format: "%.2f", rate) + "\(unit)/s" : String(format: "%.2f", 1 / rate) + "s/\(unit)"
    }

    /// A bar of whole blocks and one of the seven narrower ones.
    static func bar(_ fraction: Double, width: Int) -> String {
        guard width > 0 else { return "" }
        let eighths = Int(fraction * Double(width * 8))
        let (whole, rest) = eighths.quotientAndRemainder(dividingBy: 8)
        let parts = Array(" ▏▎▍▌▋▊▉")
        let bar = String(repeating: "█", count: whole) + (whole < width ? String(parts[rest]) : "")
        return bar + String(repeating: " ", count: width - bar.count)
    }

    /// Seconds as `mm:ss`, or `h:mm:ss` from an hour on.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(clamping: Int64(min(max(seconds, 0), 1e9)))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%02d:%02d", minutes, rest)
    }
}

extension ProgressLine {
    /// How far a run is.
    init(_ progress: TrainingProgress) {
        self.init(
            label: progress.isTesting ? "test" : "train", done: progress.steps, total: progress.stepsTotal,
            seconds: progress.seconds)
        if let loss = progress.loss { values.append(("loss", decimal(loss, 3))) }
        if let accuracy = progress.accuracy { values.append(("accuracy", decimal(accuracy, 3))) }
        values.append(("samples/s", decimal(progress.samplesPerSecond, 0)))
        guard let links = progress.links else { return }
        values += [
            ("peers", "\(links.peers)"), ("links", "\(links.links)"),
            ("up", decimal(links.megabitsSent, 1) + "Mbit/s"), ("down", decimal(links.megabitsReceived, 1) + "Mbit/s"),
        ]
    }
}
