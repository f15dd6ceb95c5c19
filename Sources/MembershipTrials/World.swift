import HeapModule
import Membership
import Randomness

/// An open group in virtual time: members on machines, half of them behind NAT if wanted, over a network that delays,
/// falls apart and heals; machines that die, stop for a while, come and go. All of it follows from a seed.
///
/// One way takes 20 to 80 ms, and one of a hundred items up to 2 s more, as if it had been lost. Machines die without a
/// word, so that nobody hears of it from the network.
public struct World: Sendable {
    static let dialSeconds = 10.0

    var hosts: [Host] = []
    var connections: [Connection] = []
    var heap = Heap<WorldEvent>()
    var stream: RandomStream
    /// The time of the world, in seconds.
    public private(set) var seconds = 0.0
    /// What all hosts have sent, by `MembershipItem.byteCount`.
    public private(set) var sentByteCount = 0
    /// Whether the two sides hear each other.
    var isPartitioned = false
    var churnPauseSeconds: Double?

    private let seed: UInt64
    private let shareBehindNAT: Double
    private var places: [MemberAddress: Int] = [:]
    private var nextOrder = 0

    /// A world without hosts, of which this share will be behind NAT.
    public init(seed: UInt64, shareBehindNAT: Double) {
        self.seed = seed
        self.shareBehindNAT = shareBehindNAT
        stream = RandomStream(seed: seed, purpose: .network)
    }

    /// The numbers of the hosts that live.
    var living: [Int] { hosts.indices.filter { hosts[$0].isAlive } }

    /// Starts a machine with a member; the first one founds the group, later ones know three others that can be dialed.
    /// Gives its number.
    mutating func start() -> Int {
        let number = hosts.count
        let address = MemberAddress(host: "peer\(number)", port: 7946)
        let id = MemberID(stream.next(), stream.next(), stream.next(), stream.next())
        var seeds = living.filter { !hosts[$0].isBehindNAT }
        stream.shuffle(&seeds)
        let card = Card(id: id, incarnation: 1, addresses: [address], proof: [])
        let settings = MembershipSettings(seeds: seeds.prefix(3).map { hosts[$0].address })
        hosts.append(
            Host(
                member: LocalMember(card: card, settings: settings, seed: seed), id: id, address: address,
                isBehindNAT: number > 0 && stream.bernoulli(shareBehindNAT), side: number % 2, startSeconds: seconds))
        places[address] = number
        schedule(afterSeconds: 0, number, .tick)
        return number
    }

    mutating func schedule(afterSeconds delay: Double, _ host: Int, _ kind: WorldEvent.Kind) {
        heap.insert(WorldEvent(seconds: seconds + delay, order: nextOrder, host: host, kind: kind))
        nextOrder += 1
    }

    /// Lets this many seconds go by.
    public mutating func run(seconds duration: Double) {
        let end = seconds + duration
        while let next = heap.min, next.seconds <= end {
            heap.removeMin()
            seconds = next.seconds
            happens(next.kind, to: next.host)
        }
        seconds = end
    }

    private mutating func happens(_ kind: WorldEvent.Kind, to host: Int) {
        if case .churn = kind { return churn() }
        guard hosts[host].isAlive else { return }
        if case .wakes = kind {
            hosts[host].isPaused = false
            let held = hosts[host].held
            hosts[host].held = []
            for kind in held { happens(kind, to: host) }
            return
        }
        guard !hosts[host].isPaused else { return hosts[host].held.append(kind) }
        switch kind {
        case .tick:
            handle(.tick, host)
            schedule(afterSeconds: MembershipSettings.tickSeconds, host, .tick)
        case .dialedBack(let isReachable): handle(.dialedBack(isReachable: isReachable), host)
        case .greets, .accepts, .answered, .dialTimeout, .passage: happens(onNetwork: kind, host)
        case .wakes, .churn: break
        }
    }

    /// Hands an event to a member and carries out what it says.
    mutating func handle(_ event: MembershipEvent, _ host: Int) {
        for effect in hosts[host].member.handle(event, atSeconds: seconds) {
            switch effect {
            case .dial(let attempt, let addresses): dial(attempt, addresses, host)
            case .send(let item, let link): send(.item(item), Int(link.number), from: host)
            case .close(let link, let reason): send(.end(reason), Int(link.number), from: host)
            case .askDialBack:
                schedule(
                    afterSeconds: hosts[host].isBehindNAT ? Self.dialSeconds : 0.3, host,
                    .dialedBack(!hosts[host].isBehindNAT))
            case .tell: break
            }
        }
        guard hosts[host].allLinksSeconds == nil else { return }
        let links = hosts[host].member.partners.count
        if links > 0, hosts[host].firstLinkSeconds == nil { hosts[host].firstLinkSeconds = seconds }
        if links >= 6, hosts[host].allLinksSeconds == nil { hosts[host].allLinksSeconds = seconds }
    }

    func place(of address: MemberAddress) -> Int? { places[address] }

    mutating func count(bytes: Int) { sentByteCount += bytes }
}
