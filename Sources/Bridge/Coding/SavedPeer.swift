import Configuration
import Gossip
import Graphs
import Runtime
import Vectors

/// A peer at rest, as bytes that its caller keeps: algorithm, session and vectors.
struct SavedPeer: Sendable {
    /// A timer of the node, with the seconds that were left of it.
    struct Timer: Codable, Sendable {
        let timer: NodeTimer
        let seconds: Double
    }

    /// Everything that is no block of numbers.
    private struct Words: Codable {
        var format: UInt64 = 1
        var subject: [Hello.Fact]
        var token: UInt64
        var node: NodeState
        var timers: [Timer]
    }

    private var words: Words
    /// Vectors and words of the node by their names.
    let numbers: StateDict
    /// The point at which the caller takes the gradient, where that is not the model.
    let point: [Float]?

    /// What the state of one moment is known by, the same in all processes.
    var token: UInt64 { words.token }
    var node: NodeState { words.node }
    var timers: [Timer] { words.timers }

    /// The peer as it is now.
    init(
        _ node: inout Node, timers: [BridgePort.Timer], _ plan: PeerPlan, token: UInt64, point: Payload?, now: Time
    ) {
        let (state, numbers) = node.state()
        self.numbers = numbers
        words = Words(
            subject: Self.subject(plan), token: token, node: state,
            timers: timers.map { Timer(timer: $0.timer, seconds: max(0, $0.time - now)) })
        self.point = point.flatMap { $0 === node.modelSnapshot() ? nil : $0.array() }
    }

    /// What must be the same where the state is gone on from.
    private static func subject(_ plan: PeerPlan) -> [Hello.Fact] {
        [
            Hello.Fact(key: "algorithm", value: plan.settings.algorithm.text),
            Hello.Fact(key: "peers", value: "\(plan.peers)"),
            Hello.Fact(key: "peer", value: "\(plan.me)"),
            Hello.Fact(key: "parameters", value: String(plan.layout.fingerprint, radix: 16)),
        ]
    }

    // MARK: Bytes

    /// The bytes from which `init(reading:)` makes the same state.
    var bytes: [UInt8] {
        get throws {
            var bytes = try CodedEncoder.tree(words).bytes
            bytes.write(UInt32(numbers.vectors.count))
            for (name, values) in numbers.vectors.sorted(by: { $0.key < $1.key }) {
                bytes.write(text: name)
                bytes.write(floats: values)
            }
            bytes.write(UInt32(numbers.words.count))
            for (name, values) in numbers.words.sorted(by: { $0.key < $1.key }) {
                bytes.write(text: name)
                bytes.write(words: values)
            }
            bytes.write(UInt8(point == nil ? 0 : 1))
            if let point { bytes.write(floats: point) }
            return bytes
        }
    }

    /// Reads a state of the peer with this plan. Throws where it is none.
    init(reading bytes: [UInt8], _ plan: PeerPlan) throws(BridgeError) {
        var reader = StateReader(bytes)
        let tree = try CodedValue(reading: &reader)
        do {
            words = try CodedDecoder.value(
                Words.self, tree,
                userInfo: [
                    .graph: plan.graph, .algorithms: [ForeignAlgorithm.self],
                    .steps: ResumedSteps(Array(repeating: plan.settings.stepCount, count: plan.peers)),
                ])
        } catch {
            throw StateReader.malformed
        }
        var numbers = StateDict()
        for _ in 0..<(try reader.count()) { numbers.vectors[try reader.text()] = try reader.floats() }
        for _ in 0..<(try reader.count()) { numbers.words[try reader.text()] = try reader.words() }
        self.numbers = numbers
        point = try reader.byte() == 0 ? nil : try reader.floats()
        guard reader.isAtEnd, point?.count ?? plan.layout.count == plan.layout.count else {
            throw StateReader.malformed
        }
        try check(plan)
    }

    private func check(_ plan: PeerPlan) throws(BridgeError) {
        for (saved, mine) in zip(words.subject, Self.subject(plan)) where saved != mine {
            throw BridgeError(
                .state, "the state is of \(saved.key) \(saved.value), and this is \(mine.value); load one of the same")
        }
        do {
            try words.node.audit(
                against: plan.algorithm(), me: plan.me, peers: plan.peers, nodes: plan.peers + plan.traits.servers)
        } catch {
            throw BridgeError(.state, "the state is none of this peer: \(error)")
        }
    }
}
