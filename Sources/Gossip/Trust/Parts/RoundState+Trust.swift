import Graphs

/// Where rounds and trust meet: without trust all neighbours are awake, and nothing is told or judged.
extension RoundState {
    /// Those with a weight whose edges do not rest in this round.
    func awake(_ row: [MixingWeight]) -> [MixingWeight] {
        guard let trust else { return row }
        let awake = Set(trust.awake(row.map(\.peer), round: number))
        return row.filter { awake.contains($0.peer) }
    }

    /// Sends the reports of this round, and gives back those of the receivers to whom models go.
    mutating func tell(_ receivers: [PeerID], _ effects: inout Effects) -> [PeerID] {
        guard let trust else { return receivers }
        let round = number
        let awake = trust.awake(exchanges[0].present(receivers, round: round), round: round)
        self.trust?.report(to: awake, round: round, &effects)
        return awake
    }

    /// Has what came in this round looked at, which is answered before it is mixed.
    mutating func judge(from own: Vector, _ effects: inout Effects) {
        let round = number
        let arrivals = exchanges[0].arrivals.filter { $0.round == round }
        trust?.inspect(arrivals, own: own, round: round, &effects)
    }

    /// Takes an answer; true once the round can be mixed.
    mutating func hasJudged(_ event: Event, _ effects: inout Effects) -> Bool {
        let round = number
        return trust?.answered(event, round: round, &effects) ?? false
    }

    /// Believes what was told in the round that was mixed.
    mutating func believe(_ row: [MixingWeight]) {
        guard trust != nil else { return }
        let round = number
        let others = exchanges[0].present(row.map(\.peer).filter { $0 != me }, round: round)
        trust?.endRound(round, with: others)
    }

    var trustInNeighbours: [TrustStanding] { trust?.trust.standings(number) ?? [] }
}
