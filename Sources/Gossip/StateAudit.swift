import Configuration
import Graphs
import Randomness
@_spi(Reflection) import Swift

/// Whether a saved algorithm can be one of a run, found by laying it beside one that was just made for the same peer.
///
/// What a type declares with `let` was settled when the algorithm was made, so both must agree in it. What it declares
/// with `var` has changed since, and must be within reach: peers that exist, counts that no run outgrows, streams of
/// chance that stand somewhere. A list that is not empty at the beginning (an exchange for each vector) keeps its
/// length, and a part that was chosen by the settings stays the one chosen.
///
/// So a state may come from anywhere: no sum of its counts overflows, and no index of it leads nowhere.
public struct StateAudit {
    /// Counts beyond this are none of a run: steps, messages, samples of many lifetimes of a machine.
    public static let countLimit: UInt64 = 1 << 48

    /// Learners and servers.
    private let nodes: Int
    /// The received payloads that the audited values name, as often as they do.
    public private(set) var payloads: [PayloadID] = []
    /// The greatest number of a message that they name; 0 where they name none.
    public private(set) var lastMessage: UInt64 = 0
    private var constants: [ObjectIdentifier: Set<String>] = [:]

    /// - Parameter nodes: How many peers there are, servers included.
    public init(nodes: Int) { self.nodes = nodes }

    /// What is wrong with a saved value, with the path of the fault; nil where nothing is.
    ///
    /// - Parameters:
    ///   - name: What the value is called in the complaint.
    ///   - fresh: Its like in an algorithm that was just made; nil where there is none.
    public mutating func complaint(about saved: Any, named name: String, against fresh: Any?) -> String? {
        if let complaint = complaint(aboutLeaf: saved, name) { return complaint.isEmpty ? nil : complaint }
        // Within another one: as what it is, since of an existential there are no fields to be asked for.
        if let inner = saved as? SavedAlgorithm {
            return complaint(
                about: inner.algorithm, named: "\(name).state", against: (fresh as? SavedAlgorithm)?.algorithm)
        }
        let (mirror, other) = (Mirror(reflecting: saved), fresh.map { Mirror(reflecting: $0) })
        if let fresh, type(of: saved) != type(of: fresh) { return "'\(name)' is of another algorithm" }
        let children = Array(mirror.children)
        var others = other.map { Array($0.children) } ?? []
        switch mirror.displayStyle {
        case .enum:
            guard let child = children.first, let own = others.first, child.label != own.label else { break }
            if Mirror(reflecting: child.value).children.count > 1 { return "'\(name)' is not what the settings chose" }
            others = []
        case .collection:
            guard others.isEmpty || others.count == children.count else {
                return "'\(name)' has \(children.count) entries, and \(others.count) are needed"
            }
        case .set, .dictionary: others = []
        default: break
        }
        let settled = mirror.displayStyle == .struct ? constants(of: saved) : []
        for (index, child) in children.enumerated() {
            let label = child.label ?? "\(index)"
            let path = mirror.displayStyle == .optional ? name : "\(name).\(label)"
            let own = others.indices.contains(index) ? others[index].value : nil
            if settled.contains(label), let own {
                guard Self.isSame(child.value, own) else { return "'\(path)' is not what the settings make of it" }
            } else if let complaint = complaint(about: child.value, named: path, against: own) {
                return complaint
            }
        }
        return nil
    }

    /// What is wrong with a value that has no parts of interest, empty where nothing is; nil for one that has.
    private mutating func complaint(aboutLeaf value: Any, _ name: String) -> String? {
        func bounded(_ magnitude: UInt64) -> String {
            magnitude <= Self.countLimit ? "" : "'\(name)' is \(value), more than any run comes to"
        }
        switch value {
        case let peer as PeerID:
            return (0..<nodes).contains(peer.rawValue) ? "" : "'\(name)' is peer \(peer), of \(nodes)"
        case let payload as PayloadID:
            payloads.append(payload)
            return ""
        case let message as MessageID:
            lastMessage = max(lastMessage, message.rawValue)
            return bounded(message.rawValue)
        case let time as Time:
            return time.nanoseconds.magnitude <= 1 << 62 ? "" : "'\(name)' is a time that no run comes to"
        case let stream as RandomStream:
            return stream.words.contains { $0 != 0 } ? "" : "'\(name)' is a stream of chance that stands nowhere"
        case let number as UInt64: return bounded(number)
        case let number as Int: return bounded(UInt64(number.magnitude))
        case let number as Int64: return bounded(number.magnitude)
        // Numbers of timers use all 64 bits; a graph is settled; the others have no size.
        case is TimerID, is Graph, is Double, is Float, is Bool, is String, is UInt32, is UInt8: return ""
        default: return nil
        }
    }

    /// Whether two values that should never change are the same.
    private static func isSame(_ saved: Any, _ fresh: Any) -> Bool {
        guard type(of: saved) == type(of: fresh) else { return false }
        if let saved = saved as? Graph, let fresh = fresh as? Graph {
            return saved.name == fresh.name && saved.peers == fresh.peers && saved.seed == fresh.seed
                && saved.options == fresh.options
        }
        if let saved = saved as? AnyHashable, let fresh = fresh as? AnyHashable { return saved == fresh }
        let (own, other) = (Mirror(reflecting: saved), Mirror(reflecting: fresh))
        guard own.children.count == other.children.count else { return false }
        guard !own.children.isEmpty else { return "\(saved)" == "\(fresh)" }
        return zip(own.children, other.children).allSatisfy { $0.label == $1.label && isSame($0.value, $1.value) }
    }

    /// The names of the fields that a value's type declares with `let`.
    private mutating func constants(of value: Any) -> Set<String> {
        func read<Value>(_ value: Value) -> Set<String> {
            var names: Set<String> = []
            // The option: a field whose type has no key paths is passed over.
            _ = _forEachFieldWithKeyPath(of: Value.self, options: _EachFieldOptions(rawValue: 2)) { name, path in
                // The key path of a constant cannot write; whatever the field's type is, this does not depend on it.
                if !(path is any WritablePath) { names.insert(String(cString: name)) }
                return true
            }
            return names
        }
        let key = ObjectIdentifier(type(of: value))
        if let known = constants[key] { return known }
        let names = _openExistential(value, do: read)
        constants[key] = names
        return names
    }
}

/// A key path that can write.
private protocol WritablePath {}
extension WritableKeyPath: WritablePath {}
