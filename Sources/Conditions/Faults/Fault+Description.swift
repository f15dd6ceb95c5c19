import Configuration
import Gossip

extension Fault: CustomStringConvertible {
    /// The fault as a table in YAML, on one line, from which the same fault is read.
    public var description: String {
        switch self {
        case .drop(let share, let window), .duplicate(let share, let window), .reorder(let share, let window),
            .corrupt(let share, let window):
            table(share.plain, times(window))
        case .delay(let share, let span, let window): table(share.plain, ["by: \(span)"] + times(window))
        case .cut(let from, let to, let window): table("{from: \(from), to: \(to)}", times(window))
        case .partition(let groups, let window): table("\(groups)", times(window))
        case .pause(let peer, let window): table("\(peer)", times(window))
        case .crash(let peer, let window, let isTorn):
            table(
                "\(peer)",
                ["at: \(window.start.span)"] + (window.length.map { ["restart_after: \($0)"] } ?? [])
                    + (isTorn ? ["torn: true"] : []))
        case .join(let peer, let time), .leave(let peer, let time): table("\(peer)", ["at: \(time.span)"])
        case .clock(let peer, let span, let time): table("{peer: \(peer), by: \(span)}", ["at: \(time.span)"])
        case .slow(let peer, let factor, let window):
            table("{peer: \(peer), factor: \(factor.plain)}", times(window))
        case .byzantine(let peer, let attack, let window):
            table("{peer: \(peer), kind: \(attack.words)}", times(window))
        case .random(let random, let window): table(random.description, times(window))
        }
    }

    private func table(_ value: String, _ others: [String]) -> String {
        "{" + (["\(kind.rawValue): \(value)"] + others).joined(separator: ", ") + "}"
    }

    private func times(_ window: TimeWindow) -> [String] {
        (window.start == .zero ? [] : ["at: \(window.start.span)"]) + (window.length.map { ["for: \($0)"] } ?? [])
    }
}

extension TimeWindow {
    /// How long it lasts; nil without an end.
    var length: TimeSpan? { end.map { TimeSpan(nanoseconds: $0.nanoseconds - start.nanoseconds) } }
}

extension Double {
    /// The number as every reader of YAML takes it for a number: with a point in front of an exponent.
    var plain: String {
        let text = "\(self)"
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
