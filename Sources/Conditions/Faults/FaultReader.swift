import Configuration
import Gossip
import Graphs

/// Reads a fault from its table in an experiment file. Whether it can happen in a run is asked later.
struct FaultReader {
    private let fields: [String: OptionValue]
    private let kind: Fault.Kind

    /// Throws when the table is not of one kind, or has keys that the kind lacks or does not take.
    init(_ value: OptionValue) throws(ConfigurationError) {
        guard case .table(let fields) = value else {
            throw Self.problem("a fault is a table such as {drop: 0.1}, not \(value.written)")
        }
        self.fields = fields
        kind = try Self.kind(of: fields.keys.sorted())
        for key in fields.keys.sorted() where !kind.keys.contains(key) {
            if Fault.Kind.allCases.contains(where: { $0.keys.contains(key) }) {
                let others = kind.keys.dropFirst()
                throw Self.problem("\(kind) takes no '\(key)'; beside it may stand " + others.joined(separator: ", "))
            }
            throw Self.problem(unknown("key", key, known: kind.keys))
        }
        for (key, meaning) in kind.needed where fields[key] == nil {
            throw Self.problem("\(kind) needs '\(key)': \(meaning)")
        }
    }

    func fault() throws(ConfigurationError) -> Fault {
        switch kind {
        case .drop: return .drop(try share(), try window())
        case .duplicate: return .duplicate(try share(), try window())
        case .reorder: return .reorder(try share(), try window())
        case .corrupt: return .corrupt(try share(), try window())
        case .delay: return .delay(try share(), by: try length("by") ?? TimeSpan(nanoseconds: 0), try window())
        case .cut:
            let ends = try nested(["from", "to"], such: "{from: 0, to: 1}")
            return .cut(from: try peer(ends["from"], "from"), to: try peer(ends["to"], "to"), try window())
        case .partition: return .partition(try groups(), try window())
        case .pause: return .pause(try peer(value, "pause"), try window())
        case .crash: return try crash()
        case .join: return .join(try peer(value, "join"), at: try moment())
        case .leave: return .leave(try peer(value, "leave"), at: try moment())
        case .clock:
            let jump = try nested(["peer", "by"], such: "{peer: 1, by: -5s}")
            return .clock(try peer(jump["peer"], "peer"), by: try span(jump["by"], "by"), at: try moment())
        case .slow:
            let slow = try nested(["peer", "factor"], such: "{peer: 3, factor: 8}")
            let factor = try number(slow["factor"], "factor", "a number from 0.001 to 1000000")
            return .slow(try peer(slow["peer"], "peer"), factor: factor, try window())
        case .byzantine: return try byzantine()
        case .random: return .random(try RandomFaults(value), try window())
        }
    }

    // MARK: Kinds

    private static func kind(of keys: [String]) throws(ConfigurationError) -> Fault.Kind {
        let kinds = keys.compactMap(Fault.Kind.init)
        let names = Fault.Kind.allCases.map(\.rawValue)
        if kinds.count > 1 {
            throw problem(
                "\(kinds.map(\.rawValue).joined(separator: " and ")) are \(kinds.count) faults; give each a table of "
                    + "its own")
        }
        if let kind = kinds.first { return kind }
        let shared = Set(Fault.Kind.allCases.flatMap(\.keys)).subtracting(names)
        if let stray = keys.first(where: { !shared.contains($0) }) {
            throw problem(unknown("fault", stray, known: names))
        }
        throw problem("a fault needs its kind, one of " + names.joined(separator: ", "))
    }

    private func crash() throws(ConfigurationError) -> Fault {
        var isTorn = false
        if let torn = fields["torn"] {
            guard case .boolean(let flag) = torn else {
                throw Self.problem("torn is \(torn.written), not true or false")
            }
            isTorn = flag
        }
        let start = try moment()
        let down = try end("restart_after", from: start)
        return .crash(try peer(value, "crash"), TimeWindow(from: start, until: down), isTorn: isTorn)
    }

    private func byzantine() throws(ConfigurationError) -> Fault {
        let keys = ["factor", "deviation", "z", "epsilon"]
        let table = try nested(["peer", "kind"], optional: keys, such: "{peer: 2, kind: nan}")
        guard case .text(let name)? = table["kind"], var attack = Attack.all.first(where: { $0.name == name }) else {
            let known = Attack.all.map(\.name)
            throw Self.problem(unknown("kind of byzantine peer", table["kind"]?.written ?? "", known: known))
        }
        for key in keys {
            guard let value = table[key] else { continue }
            guard key == attack.key else {
                let kinds = Attack.all.filter { $0.key == key }.map(\.name).joined(separator: " or ")
                throw Self.problem("\(key) goes with kind: \(kinds), not with kind: \(name)")
            }
            attack = attack.with(try number(value, key, "a finite number"))
        }
        return .byzantine(try peer(table["peer"], "peer"), attack, try window())
    }

    private func groups() throws(ConfigurationError) -> [[PeerID]] {
        guard case .list(let groups) = value else { throw notGroups }
        var peers: [[PeerID]] = []
        for group in groups {
            guard case .list(let members) = group else { throw notGroups }
            let numbers = members.compactMap(\.asInteger)
            guard numbers.count == members.count else { throw notGroups }
            peers.append(numbers.map { PeerID($0) })
        }
        return peers
    }

    private var notGroups: ConfigurationError {
        Self.problem("partition is \(value.written), not a list of groups of peers such as [[0, 1], [2, 3]]")
    }

    // MARK: Values

    /// What stands behind the name of the kind.
    private var value: OptionValue { fields[kind.rawValue] ?? .null }

    private func share() throws(ConfigurationError) -> Double {
        try number(value, kind.rawValue, "a probability from 0 to 1")
    }

    private func number(
        _ value: OptionValue?, _ name: String, _ expectation: String
    ) throws(ConfigurationError) -> Double {
        guard let number = value?.asNumber else {
            throw Self.problem("\(name) is \(value?.written ?? "null"), not \(expectation)")
        }
        return number
    }

    private func peer(_ value: OptionValue?, _ name: String) throws(ConfigurationError) -> PeerID {
        guard let number = value?.asInteger else {
            throw Self.problem("\(name) is \(value?.written ?? "null"), not the number of a peer")
        }
        return PeerID(number)
    }

    /// A table within the fault's.
    private func nested(
        _ needed: [String], optional: [String] = [], such sample: String
    ) throws(ConfigurationError) -> [String: OptionValue] {
        guard case .table(let table) = value else {
            throw Self.problem("\(kind) is \(value.written), not a table such as \(sample)")
        }
        for key in table.keys.sorted() where !(needed + optional).contains(key) {
            throw Self.problem(unknown("key", key, known: needed + optional))
        }
        for key in needed where table[key] == nil {
            throw Self.problem("\(kind) is \(value.written) and lacks '\(key)'; it is a table such as \(sample)")
        }
        return table
    }

    // MARK: Times

    private func span(_ value: OptionValue?, _ name: String) throws(ConfigurationError) -> TimeSpan {
        guard let span = value.flatMap(TimeSpan.init) else {
            throw Self.problem("\(name) is \(value?.written ?? "null"), not a time such as 2s or 500ms")
        }
        return span
    }

    /// A time above 0, where the key is given.
    private func length(_ name: String) throws(ConfigurationError) -> TimeSpan? {
        guard let value = fields[name] else { return nil }
        let span = try span(value, name)
        guard span.nanoseconds > 0 else { throw Self.problem("\(name) is \(value.written), not a time above 0") }
        return span
    }

    private func moment() throws(ConfigurationError) -> Time {
        guard let value = fields["at"] else { return .zero }
        let span = try span(value, "at")
        guard span.nanoseconds >= 0 else { throw Self.problem("at is \(value.written), before the run begins") }
        return Time(span)
    }

    private func window() throws(ConfigurationError) -> TimeWindow {
        let start = try moment()
        return TimeWindow(from: start, until: try end("for", from: start))
    }

    /// The moment that lies so much later, where the key is given.
    private func end(_ name: String, from start: Time) throws(ConfigurationError) -> Time? {
        guard let length = try length(name) else { return nil }
        let end = Time(nanoseconds: start.nanoseconds + length.nanoseconds)
        guard end <= Time(.longest) else {
            throw Self.problem("at and \(name) lead to a moment behind \(TimeSpan.longest), the latest there is")
        }
        return end
    }

    private static func problem(_ message: String) -> ConfigurationError { ConfigurationError(key: nil, message) }
}

extension Fault.Kind {
    /// The keys of a fault of this kind: its own, those it needs, those it may have.
    var keys: [String] { [rawValue] + needed.map(\.key) + optional }

    /// The keys without which the fault says too little, each with what it would say.
    var needed: [(key: String, meaning: String)] {
        switch self {
        case .cut, .partition, .pause: [("for", "how long it lasts, such as for: 5s")]
        case .crash, .join, .leave, .clock: [("at", "the moment, such as at: 2s")]
        case .delay: [("by", "how much later, such as by: 200ms")]
        case .drop, .duplicate, .reorder, .corrupt, .slow, .byzantine, .random: []
        }
    }

    private var optional: [String] {
        switch self {
        case .cut, .partition, .pause: ["at"]
        case .crash: ["restart_after", "torn"]
        case .join, .leave, .clock: []
        case .drop, .duplicate, .reorder, .delay, .corrupt, .slow, .byzantine, .random: ["at", "for"]
        }
    }
}
