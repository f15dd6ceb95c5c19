import Foundation
import Gossip
import Graphs
import InProcessTransport
import Runtime
import Synchronization
import Testing
import TransportTrials

/// Peers on threads of this process.
@Suite struct InProcessConformanceTests {
    @Test func aThousandProgramsComeToTheSimulatorsAnswer() {
        let network = InProcessNetwork(peers: Programs.peers, clock: { .zero })
        let answers = Programs.trial.answers(in: network, clock: { .zero })
        #expect(Trial.lines(answers) == Programs.answer)
    }

    /// Two networks in one process, each the other's door.
    @Test func peersMayLiveInSeveralNetworks() {
        let trial = Trial.random(peers: 4, count: 30, programs: 100, seed: 3)
        let uplinks = Uplinks()
        let networks = [0..<2, 2..<4].map { localPeerIDs in
            InProcessNetwork(localPeerIDs: localPeerIDs, of: 4, clock: { .zero }) { uplinks.pass($0) }
        }
        uplinks.open(networks)
        let answers = Mutex<[Int: [[UInt64]]]>([:])
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            let shown = trial.answers(in: networks[half], clock: { .zero })
            answers.withLock { $0[half] = shown }
        }
        let shown = answers.withLock { ($0[0] ?? []) + ($0[1] ?? []) }
        #expect(Trial.lines(shown) == Trial.lines(simulated(trial)))
    }

    @Test func payloadsOfAllSizesArrive() {
        let network = InProcessNetwork(peers: 2, clock: { .zero })
        #expect(Trial.lines(Sizes.trial.answers(in: network, clock: { .zero })) == Sizes.answer)
    }

    /// Hands frames that leave one network in at the one where their receiver lives.
    private final class Uplinks: Sendable {
        private let networks = Mutex<[InProcessNetwork]>([])

        func open(_ networks: [InProcessNetwork]) { self.networks.withLock { $0 = networks } }

        func pass(_ frame: Frame) {
            let home = networks.withLock { networks in
                networks.first { $0.localPeerIDs.contains(frame.to.rawValue) }
            }
            home?.waker(for: frame.to).post(.frame(frame))
        }
    }
}
