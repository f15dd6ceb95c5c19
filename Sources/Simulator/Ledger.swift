import Gossip
import Graphs

/// Where the shares of every conservation law are: with living peers, under way, or lost with peers that died, less
/// what returns from the dead have made. Kept up after each event by what that event changed, so that a check costs the
/// same with three peers and with ten thousand.
struct Ledger: Codable {
    private struct Account: Codable {
        let name: String
        let total: Double
        let tolerance: Double
        var held = CompensatedSum()
    }

    private var accounts: [Account] = []
    /// What each peer held after its last event, law by law.
    private var shares: [[Double]] = []
    /// Weights in the metadata of messages that nobody has handled, nor got back.
    private var underWay = CompensatedSum()
    private var gone = CompensatedSum()
    /// Mass that is there twice because doubts ran out on an open network.
    private var minted = CompensatedSum()
    /// The same by the peer with whom it went.
    private var balances: [PeerID: CompensatedSum] = [:]

    /// Mass under way between peers.
    var inFlight: Double { underWay.value }
    /// Mass that died with crashed peers, less what came back with them.
    var lost: Double { sum { max(0, $0) } }
    /// Mass that is there twice since peers came back: from a checkpoint that holds what they had given away before
    /// they died, or while a sender got back what they had used.
    var made: Double { sum { max(0, -$0) } + minted.value }

    private func sum(_ part: (Double) -> Double) -> Double {
        balances.sorted { $0.key < $1.key }.reduce(0) { sum, balance in
            // What rounding has left of nothing is nothing.
            balance.value.value.magnitude < 1e-12 ? sum : sum + part(balance.value.value)
        }
    }

    /// Takes in what a peer holds now; nothing for one that is dead.
    mutating func update(_ peer: PeerID, _ invariants: [Invariant]) {
        while shares.count <= peer.rawValue { shares.append([]) }
        if invariants.isEmpty, shares[peer.rawValue].isEmpty { return }
        if accounts.isEmpty {
            accounts = invariants.map { Account(name: $0.name, total: $0.total, tolerance: $0.tolerance) }
        }
        for (index, before) in shares[peer.rawValue].enumerated() {
            let now = index < invariants.count ? invariants[index].held : 0
            if now != before { accounts[index].held += now - before }
        }
        for index in shares[peer.rawValue].count..<max(invariants.count, shares[peer.rawValue].count) {
            accounts[index].held += invariants[index].held
        }
        shares[peer.rawValue] = invariants.map(\.held)
    }

    /// What the peer holds of the mass.
    func mass(of peer: PeerID) -> Double {
        guard let index = accounts.firstIndex(where: { $0.name == Invariant.mass }) else { return 0 }
        let held = shares[peer.rawValue]
        return index < held.count ? held[index] : 0
    }

    /// What the laws say that a peer holds of the mass.
    func mass(of invariants: [Invariant]) -> Double {
        invariants.reduce(0) { $1.name == Invariant.mass ? $0 + $1.held : $0 }
    }

    /// Mass went on its way, or came back or in where it is negative.
    mutating func carry(_ mass: Double) { if mass != 0 { underWay += mass } }

    /// Mass under way will never be handled, by the crash of that peer.
    mutating func strand(_ mass: Double, with peer: PeerID) {
        underWay -= mass
        lose(mass, with: peer)
    }

    /// Mass that a peer held is lost, or comes back with it where it is negative.
    mutating func lose(_ mass: Double, with peer: PeerID) {
        guard mass != 0 else { return }
        gone += mass
        balances[peer, default: CompensatedSum()] += mass
    }

    /// Mass is there twice.
    mutating func mint(_ mass: Double) { if mass != 0 { minted += mass } }

    /// Mass that is lost with that peer.
    func balance(of peer: PeerID) -> Double { max(0, balances[peer]?.value ?? 0) }

    /// Living peers hold no more than there was at first and was minted since: in words where they do. A law of open
    /// networks, where nobody comes back from a checkpoint with what it had given away.
    var excess: String? {
        guard let account = accounts.first(where: { $0.name == Invariant.mass }) else { return nil }
        let most = account.total + minted.value + account.tolerance
        return account.held.value > most
            ? "the living hold \(account.held.value) of \(account.total) and \(minted.value) minted" : nil
    }

    /// The first law that does not hold, in words.
    var violation: String? {
        for account in accounts {
            let elsewhere = account.name == Invariant.mass ? inFlight + gone.value - minted.value : 0
            let sum = account.held.value + elsewhere
            guard abs(sum - account.total) > account.tolerance else { continue }
            return "\(account.name) is \(sum), not \(account.total)"
        }
        return nil
    }
}
