import Graphs

/// The server of `EASGD`: sends itself to all, waits for the forces of all who live, and adds them in the order of the
/// workers, so that it is the same to the bit whatever their order was.
struct ElasticServer: Sendable, Codable {
    private let workers: Int
    private let period: UInt64
    private var rounds: UInt64 = 0
    private var absentPeers = AbsentPeers()
    private var forces: [PeerID: PayloadID] = [:]

    init(_ setup: Setup, period: Int) {
        workers = setup.peers
        self.period = UInt64(period)
    }

    /// An exchange is made in the first step of a period, and its force is that of the whole period.
    func lastStep(of learner: PeerID) -> UInt64 { absentPeers.contains(learner) ? .max : rounds * period }

    mutating func handle(_ event: Event, _ effects: inout Effects) {
        switch event {
        case .start:
            sendServer(&effects)
            effects.finish()
        case .received(.some(let payload), _, let worker):
            effects.keep(payload)
            forces[worker] = payload
            goOn(&effects)
        case .peerLeft(let worker):
            absentPeers.left(worker)
            goOn(&effects)
        default: break
        }
    }

    private var present: [PeerID] { absentPeers.present((0..<workers).map { PeerID($0) }) }

    private mutating func goOn(_ effects: inout Effects) {
        guard !forces.isEmpty, present.allSatisfy({ forces[$0] != nil }) else { return }
        let brought = forces.sorted { $0.key < $1.key }.map(\.value)
        effects.combine(into: .model, [Term(1, .model)] + brought.map { Term(1, .received($0)) })
        for payload in brought { effects.release(payload) }
        forces = [:]
        rounds += 1
        sendServer(&effects)
    }

    private mutating func sendServer(_ effects: inout Effects) {
        for worker in present {
            effects.send(.model, metadata: Metadata(), to: worker)
        }
    }
}
