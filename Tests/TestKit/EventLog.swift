public import Gossip
public import Graphs
public import Runtime

/// All that the peers of a world were told and wanted, by their own clocks.
public final class EventLog: Observer {
    public struct Entry {
        public let peer: PeerID
        public let time: Time
        public let event: Event
        public let effects: [Effect]
    }

    public private(set) var entries: [Entry] = []
    /// Who listens to a peer beside this one.
    public var others: [PeerID: any Observer] = [:]

    public init() {}

    public func saw(_ event: Event, _ effects: [Effect], peer: PeerID, now: Time) {
        entries.append(Entry(peer: peer, time: now, event: event, effects: effects))
        others[peer]?.saw(event, effects, peer: peer, now: now)
    }

    /// Rounds of the messages that a peer was handed, with their milliseconds.
    public func received(by peer: PeerID) -> [(round: UInt64, milliseconds: Double)] {
        entries.compactMap { entry in
            guard entry.peer == peer, case .received(_, let note, _) = entry.event else { return nil }
            return (note.round, Double(entry.time.nanoseconds) / 1e6)
        }
    }

    public func rounds(to peer: PeerID) -> [UInt64] { received(by: peer).map(\.round) }

    /// Milliseconds at which a peer was told something.
    public func milliseconds(of peer: PeerID, _ isWanted: (Event) -> Bool) -> [Double] {
        entries.filter { $0.peer == peer && isWanted($0.event) }.map { Double($0.time.nanoseconds) / 1e6 }
    }
}
