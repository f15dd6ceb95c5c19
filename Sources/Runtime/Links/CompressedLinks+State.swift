import Compression
import Gossip
import Graphs
import Vectors

extension CompressedLinks {
    /// The links at rest; replicas are numbers on a shelf.
    struct State: Sendable, Codable {
        struct Told: Codable {
            var key: LinkKey
            var replica: Int
            var memory: CompressionMemory
        }

        struct Heard: Codable {
            var key: LinkKey
            var replica: Int
        }

        var told: [Told] = []
        var heard: [Heard] = []
        var strangers: [PeerID] = []
        /// Whether this is another life, which knows no start.
        var isReborn = false

        /// The places of what it names.
        var payloads: [Int] { told.map(\.replica) + heard.map(\.replica) }

        /// Throws for peers that there are not.
        func check(nodes: Int) throws(StateError) {
            let peers = told.map(\.key.peer) + heard.map(\.key.peer) + strangers
            if let peer = peers.first(where: { !(0..<nodes).contains($0.rawValue) }) {
                throw StateError("'links' names peer \(peer), of \(nodes)")
            }
        }
    }

    /// What they remember, the replicas put on the shelf.
    func state(_ table: inout PayloadTable) -> State {
        var state = State(strangers: strangers.sorted(), isReborn: isReborn)
        for (key, told) in zip(told.keys, told.values) {
            guard let place = table.place(told.replica) else { continue }
            state.told.append(State.Told(key: key, replica: place, memory: told.memory))
        }
        for (key, replica) in zip(heard.keys, heard.values) {
            guard let place = table.place(replica) else { continue }
            state.heard.append(State.Heard(key: key, replica: place))
        }
        return state
    }

    /// Goes on from a state whose replicas lie on the shelf. Throws where one of them is no vector of these links.
    mutating func restore(_ state: State?, _ table: PayloadTable) throws(StateError) {
        let state = state ?? State()
        var told = SortedTable<LinkKey, Told>()
        var heard = SortedTable<LinkKey, Payload>()
        for saved in state.told {
            told[saved.key] = Told(replica: try replica(saved.replica, table), memory: saved.memory)
        }
        for saved in state.heard { heard[saved.key] = try replica(saved.replica, table) }
        restore(told: told, heard: heard, strangers: Set(state.strangers), isReborn: state.isReborn)
    }

    private func replica(_ place: Int, _ table: PayloadTable) throws(StateError) -> Payload {
        guard let payload = try table.payload(place), payload.count == settings.layout.count, !payload.isPacked else {
            throw StateError("'links' names payload \(place), which is no vector of the model's length")
        }
        return payload
    }
}
