import Compression
import Configuration
import Gossip
import Graphs
import Runtime
import TestKit
import Vectors

@testable import Bridge

/// The same peers in the ordinary runtime: nodes with a learner and an optimizer of their own, whose messages are
/// handled one after the other, gradients when nothing else is left.
final class OrdinaryNodes {
    private final class Peer {
        var node: Node
        let port: QueuePort

        init(_ node: consuming Node, _ port: QueuePort) {
            self.node = node
            self.port = port
        }
    }

    /// What the nodes have sent, in order.
    private final class Queue {
        var frames: [Frame] = []
    }

    private final class QueuePort: Port {
        let queue: Queue
        var learner: QuadraticLearner
        var timers: [(timer: NodeTimer, time: Time)] = []
        var isAsked = false
        var gradient: FlatVector?

        init(_ queue: Queue, _ learner: consuming QuadraticLearner) {
            self.queue = queue
            self.learner = learner
        }

        func send(_ frame: Frame) { queue.frames.append(frame) }
        func setTimer(_ timer: NodeTimer, at time: Time) { timers.append((timer, time)) }
        func beginGradient(at model: Payload, scale: Float, reusing spent: consuming FlatVector?) {
            learner.load(model, scale: scale)
            isAsked = true
        }
        func computed() -> GradientReport {
            isAsked = false
            let result = learner.gradient(into: FlatVector(count: Torch.count))
            let report = result.report
            gradient = result.takeGradient()
            return report
        }
        func takeGradient() -> FlatVector { gradient.take() ?? FlatVector(count: Torch.count) }
    }

    /// Scores as `Torch` does.
    private struct TargetScorer: Scorer {
        let peer: Int

        func score(_ model: Payload) -> Double {
            let losses = model.array().enumerated().map { place, value in
                let distance = value - Torch.target(of: peer, place)
                return Torch.curvature * distance * distance / 2
            }
            return -Double(losses.reduce(0, +))
        }
    }

    private let queue = Queue()
    private var peers: [Peer] = []

    /// The peers of a plan, from the same start and with the same targets as `Torch` has.
    init(_ settings: PeerSettings, count: Int) throws {
        for index in 0..<count {
            let plan = try PeerPlan(settings, me: PeerID(index), peers: count, layout: settings.layout)
            let places = 0..<Torch.count
            let port = QueuePort(
                queue,
                QuadraticLearner(target: places.map { Torch.target(of: index, $0) }, curvature: Torch.curvature))
            var node = Node(
                try plan.algorithm(), me: PeerID(index), peers: count, model: FlatVector(places.map(Torch.start)),
                localOptimizer: PlainOptimizer(rate: Torch.rate), port: port,
                session: Session(me: PeerID(index), retransmissionSeconds: nil), pool: PayloadPool(), links: plan.links)
            node.scorer = TargetScorer(peer: index)
            node.start(now: .zero)
            peers.append(Peer(node, port))
        }
    }

    /// The models when all have made their steps and nothing is under way.
    func run() -> [[Float]] {
        var isBusy = true
        while isBusy {
            isBusy = false
            var next = 0
            while next < queue.frames.count {
                let frame = queue.frames[next]
                peers[frame.to.rawValue].node.handle(.frame(frame), now: .zero)
                next += 1
            }
            queue.frames = []
            for peer in peers where peer.port.isAsked {
                isBusy = true
                let report = peer.port.computed()
                peer.node.handle(.gradientReady(report), now: .zero)
            }
            isBusy = isBusy || !queue.frames.isEmpty
        }
        return peers.map { $0.node.evaluatedSnapshot().array() }
    }
}
