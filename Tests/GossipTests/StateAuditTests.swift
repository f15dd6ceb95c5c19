import Configuration
import Randomness
import Testing

@testable import Gossip
@testable import Graphs

@Suite struct StateAuditTests {
    private struct Inner {
        let settled: Double
        var peer = PeerID(0)
    }

    private enum Role {
        case one(Inner)
        case other(Inner)
        case third
    }

    private struct State {
        let period: UInt64
        var count: UInt64 = 0
        var signed = 0
        var lists: [Inner]
        var early: [PayloadID] = []
        var role: Role
        var waits: PayloadID?
        var numbers: [PeerID: Int] = [:]
        var stream = RandomStream(seed: 1, purpose: .test)
        var id = MessageID(rawValue: 1)

        init(period: UInt64 = 3, settled: Double = 0.5) {
            self.period = period
            lists = [Inner(settled: settled), Inner(settled: 1)]
            role = .one(Inner(settled: settled))
        }
    }

    private func complaint(_ state: State) -> String? {
        var audit = StateAudit(nodes: 4)
        return audit.complaint(about: state, named: "state", against: State())
    }

    @Test func whatHasOnlyGoneOnIsWell() {
        var state = State()
        state.count = StateAudit.countLimit
        state.signed = -7
        state.lists[1].peer = 3
        state.early = [PayloadID(rawValue: 5)]
        state.waits = PayloadID(rawValue: 9)
        state.numbers = [2: 8]
        _ = state.stream.next()
        state.id = MessageID(rawValue: StateAudit.countLimit)
        var audit = StateAudit(nodes: 4)
        #expect(audit.complaint(about: state, named: "state", against: State()) == nil)
        #expect(audit.payloads.map(\.rawValue).sorted() == [5, 9])
        #expect(audit.lastMessage == StateAudit.countLimit)
    }

    @Test func whatIsDeclaredWithLetMustBeTheSame() {
        #expect(complaint(State(period: 4))?.contains("'state.period'") == true)
        #expect(complaint(State(settled: 0.25))?.contains("'state.lists.0.settled'") == true)
        var state = State()
        state.role = .one(Inner(settled: 9))
        #expect(complaint(state)?.contains("settled") == true)
        state.role = .other(Inner(settled: 0.5))
        #expect(complaint(state)?.contains("not what the settings chose") == true)
    }

    @Test func whatIsOutOfReachIsNamed() {
        func changed(_ change: (inout State) -> Void) -> String {
            var state = State()
            change(&state)
            return complaint(state) ?? "nothing"
        }
        #expect(changed { $0.count = StateAudit.countLimit + 1 }.contains("'state.count'"))
        #expect(changed { $0.id = MessageID(rawValue: .max) }.contains("'state.id'"))
        #expect(changed { $0.signed = .min }.contains("'state.signed'"))
        #expect(changed { $0.lists[0].peer = 4 }.contains("'state.lists.0.peer'"))
        #expect(changed { $0.lists[0].peer = -1 }.contains("'state.lists.0.peer'"))
        #expect(changed { $0.lists.removeLast() }.contains("'state.lists' has 1 entries"))
        #expect(changed { $0.numbers = [7: 1] }.contains("'state.numbers"))
    }

    /// An algorithm within another one, as what it is: that of a byzantine peer.
    @Test func anAlgorithmWithinIsLookedAt() throws {
        func attacked(_ steps: UInt64, _ trust: [String: OptionValue] = [:]) throws -> Attacked {
            let setup = Setup(
                me: 0, peers: 4, seed: 1, graph: try Graph("ring", peers: 4), samples: 1, stepsPerEpoch: 1, steps: steps
            )
            let honest = try DPSGD(setup, options: Options(["trust": .table(trust)]))
            let stretch = Attacked.Stretch(.replay, from: .zero, until: nil)
            return Attacked(honest, setup, [stretch], byzantinePeers: [0], isLockStep: true)
        }
        func complaint(_ saved: Attacked) throws -> String? {
            var audit = StateAudit(nodes: 4)
            return audit.complaint(about: saved, named: "state", against: try attacked(9))
        }
        #expect(try complaint(attacked(9)) == nil)
        let changed = try complaint(attacked(9, ["window": .integer(7)]))
        #expect(changed?.contains("state.honest.state.rounds.trust.trust.settings") == true, "\(changed ?? "nothing")")
    }
}
