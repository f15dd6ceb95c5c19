import Gossip
import Runtime

/// A whole run at rest: everything but its numbers, which lie in the files beside it.
struct RunState: Codable, Sendable {
    /// What peers have handed in for a test that waits for the others.
    struct Round: Codable {
        struct Snapshot: Codable {
            var peer: PeerID
            var samples: Int
        }

        var step: UInt64
        var snapshots: [Snapshot]
    }

    /// Time since the run began, all its resumptions together.
    var now: Time
    var trainingNanoseconds: Int64
    var secondsToTarget: Double?
    /// After how long messages are sent again, some of which may have been lost; nil where none was.
    var retransmissionSeconds: Double?
    /// What was lost with peers that died; nil in states of versions without faults.
    var lostMass: Double?
    /// Lines of `metrics.jsonl`.
    var metricsLines: Int
    var rounds: [Round]
    var peers: [PeerState]
}

extension RunState {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        now = try container.decode(Time.self, forKey: .now)
        trainingNanoseconds = try container.decode(Int64.self, forKey: .trainingNanoseconds)
        secondsToTarget = try container.decodeIfPresent(Double.self, forKey: .secondsToTarget)
        retransmissionSeconds = try container.decodeIfPresent(Double.self, forKey: .retransmissionSeconds)
        lostMass = try container.decodeIfPresent(Double.self, forKey: .lostMass)
        metricsLines = try container.decode(Int.self, forKey: .metricsLines)
        rounds = try container.decode([Round].self, forKey: .rounds)
        var list = try container.nestedUnkeyedContainer(forKey: .peers)
        peers = []
        while !list.isAtEnd {
            // How many steps it is to make is not the same for all.
            (decoder.userInfo[.steps] as? ResumedSteps)?.read(list.currentIndex)
            peers.append(try list.decode(PeerState.self))
        }
    }
}

/// A peer at rest, but for its numbers.
struct PeerState: Codable, Sendable {
    struct Timer: Codable {
        var timer: NodeTimer
        var time: Time
    }

    var node: NodeState
    var progress: PeerProgress
    var gradientNanoseconds: Int64
    var timers: [Timer]
    /// The gradient that is computed and not yet handled; its vector is among the numbers as `pending`.
    var report: GradientReport?

    // Names among the numbers.
    static let pendingName = "pending"
    static let learnerName = "learner"
}

/// A peer at rest.
struct SavedPeer: Sendable {
    let words: PeerState
    let numbers: Numbers
}
