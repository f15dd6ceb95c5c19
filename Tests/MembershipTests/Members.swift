@testable import Membership

/// The member with this number; a higher number is a higher name.
func name(_ number: UInt64) -> MemberID { MemberID(number << 56, 0, 0, number) }

func address(_ number: UInt64) -> MemberAddress { MemberAddress(host: "host\(number)", port: 7946) }

func card(_ number: UInt64, incarnation: UInt64 = 1) -> Card {
    Card(id: name(number), incarnation: incarnation, addresses: [address(number)], proof: [])
}

/// What is told of the member with this number; marks have no card.
func record(
    _ number: UInt64, incarnation: UInt64 = 1, beat: UInt64 = 1, _ standing: Standing = .alive, ageSeconds: Double = 0,
    reachability: Reachability = .reachable
) -> Record {
    Record(
        id: name(number), version: MemberVersion(incarnation: incarnation, beat: beat, standing: standing),
        reachability: reachability, ageSeconds: ageSeconds,
        card: standing == .alive ? card(number, incarnation: incarnation) : nil, signature: [1])
}

/// A member with its time, and what it said to do.
struct Driven {
    var member: LocalMember
    var seconds = 0.0

    init(_ number: UInt64, seeds: [MemberAddress] = [], seed: UInt64 = 1) {
        member = LocalMember(card: card(number), settings: MembershipSettings(seeds: seeds), seed: seed)
    }

    @discardableResult mutating func handle(_ event: MembershipEvent) -> [MembershipEffect] {
        member.handle(event, atSeconds: seconds)
    }

    /// The other end of link `link`, which is member `number`, greets; it dialed unless there is an attempt.
    @discardableResult mutating func open(
        _ link: UInt64, _ number: UInt64, attempt: UInt64? = nil, degree: Int = 6, incarnation: UInt64 = 1
    ) -> [MembershipEffect] {
        let greeting = Greeting(record: record(number, incarnation: incarnation), degree: degree, digest: 0)
        return handle(.opened(LinkNumber(link), attempt: attempt, greeting))
    }

    @discardableResult mutating func receive(_ records: [Record], on link: UInt64) -> [MembershipEffect] {
        handle(.received(.ping(records: records, degree: 6, digest: 0), LinkNumber(link)))
    }

    /// Ticks for so long, while the partners of these links ping; gives all that it said.
    @discardableResult mutating func run(seconds duration: Double, hearing links: [UInt64] = []) -> [MembershipEffect] {
        var effects: [MembershipEffect] = []
        let end = seconds + duration
        while seconds < end {
            seconds += MembershipSettings.tickSeconds
            for link in links { effects += handle(.heard(LinkNumber(link))) }
            effects += handle(.tick)
        }
        return effects
    }
}

extension [MembershipEffect] {
    var notices: [MembershipNotice] {
        compactMap { if case .tell(let notice) = $0 { notice } else { nil } }
    }

    var dials: [(attempt: UInt64, addresses: [MemberAddress])] {
        compactMap { if case .dial(let attempt, let addresses) = $0 { (attempt, addresses) } else { nil } }
    }

    var closed: [LinkNumber] {
        compactMap { if case .close(let link, _) = $0 { link } else { nil } }
    }

    /// Whom it asks for.
    var wants: [Want] {
        flatMap { effect -> [Want] in if case .send(.wanted(let wants), _) = effect { wants } else { [] } }
    }

    /// The records that go to a link, in pings and otherwise.
    func records(to link: UInt64) -> [Record] {
        flatMap { effect -> [Record] in
            switch effect {
            case .send(.ping(let records, _, _), LinkNumber(link)), .send(.records(let records), LinkNumber(link)),
                .send(.refusal(let records), LinkNumber(link)):
                records
            default: []
            }
        }
    }
}
