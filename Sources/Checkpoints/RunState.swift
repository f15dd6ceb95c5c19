package import Gossip
package import Graphs
import Runtime

/// A whole run at rest: everything but its numbers, which lie in the files beside it.
package struct RunState: Codable, Sendable {
    /// What peers have handed in for a test that waits for the others.
    package struct Round: Codable {
        package struct Snapshot: Codable {
            package var peer: PeerID
            package var samples: Int

            package init(peer: PeerID, samples: Int) {
                self.peer = peer
                self.samples = samples
            }
        }

        package var step: UInt64
        package var snapshots: [Snapshot]

        package init(step: UInt64, snapshots: [Snapshot]) {
            self.step = step
            self.snapshots = snapshots
        }
    }

    /// Time since the run began, all its resumptions together.
    package var now: Time
    package var trainingNanoseconds: Int64
    package var secondsToTarget: Double?
    /// After how long messages are sent again, some of which may have been lost; nil where none was.
    package var retransmissionSeconds: Double?
    /// What was lost with peers that died; nil in states of versions without faults.
    package var lostMass: Double?
    /// Lines of `metrics.jsonl`.
    package var metricsLines: Int
    package var rounds: [Round]
    package var peers: [PeerState]

    package init(
        now: Time, trainingNanoseconds: Int64, secondsToTarget: Double? = nil, retransmissionSeconds: Double? = nil,
        lostMass: Double? = nil, metricsLines: Int, rounds: [Round], peers: [PeerState]
    ) {
        self.now = now
        self.trainingNanoseconds = trainingNanoseconds
        self.secondsToTarget = secondsToTarget
        self.retransmissionSeconds = retransmissionSeconds
        self.lostMass = lostMass
        self.metricsLines = metricsLines
        self.rounds = rounds
        self.peers = peers
    }
}

extension RunState {
    package init(from decoder: any Decoder) throws {
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
