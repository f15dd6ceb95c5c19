import Graphs

/// Peers that join later: they ask, and come in together in a round that all have heard of.
extension SGP {
    mutating func ask(_ effects: inout Effects) {
        if !joinRequest.ask(without: exchange.absentPeers, prefersNeighbours: false, &effects) {
            effects.abandon("sgp: nobody is there whom peer \(me) could join")
        }
    }

    /// Begins in the round that was fixed, with what the donor gave and what has come for earlier rounds.
    mutating func enter(with gift: PayloadID, _ metadata: Metadata, _ effects: inout Effects) {
        let early = exchange.take(before: metadata.round)
        sum.add([(gift, metadata.weight)] + early.map { ($0.payload, $0.weight) }, &effects)
        effects.release(early)
        exchange.joined(me)
        // As a donor it will tell of itself, too.
        exchange.begins(me, at: metadata.round)
        stepCounter.join(at: min(metadata.round, stepCounter.last))
        stepsMissed = stepCounter.step
        joinRequest.begin()
        joinRequest.receiveShare()
        if stepCounter.isDone { effects.finish() } else { effects.gradient(at: sum.point) }
    }

    /// Lets in those who have asked and with whom the graph leads from every peer to every other. Once the steps are
    /// made that does not matter any more.
    mutating func admit(_ effects: inout Effects) {
        guard joinAgreement == nil, !joinRequest.askers.isEmpty else { return }
        let members = exchange.members(of: graph.peers)
        let reachable = graph.component(of: me, among: members + joinRequest.askers)
        let joiners = joinRequest.askers.filter { stepCounter.isDone || reachable.contains($0) }
        guard !joiners.isEmpty else { return }
        joinRequest.answer(joiners)
        let others = exchange.absentPeers.present((0..<graph.peers).map { PeerID($0) })
            .filter { $0 != me && !joiners.contains($0) }
        let joinAgreement = JoinAgreement(
            of: joiners, in: graph, round: stepCounter.step, after: exchange.beginnings.map(\.round).max() ?? 0,
            telling: others, &effects)
        for joiner in joiners { exchange.begins(joiner, at: joinAgreement.round) }
        self.joinAgreement = joinAgreement
        finishJoinAgreement(nil, &effects)
    }

    /// Gives to the joiners once all have heard of them, and tells them of each other and of those who came before.
    mutating func finishJoinAgreement(_ id: MessageID?, _ effects: inout Effects) {
        if let id { joinAgreement?.settled(id) }
        guard let complete = joinAgreement, complete.isComplete else { return }
        joinAgreement = nil
        for joiner in complete.joiners {
            for (peer, round) in exchange.beginnings where peer != joiner {
                JoinAgreement.tell(joiner, of: peer, round: round, &effects)
            }
        }
        let share = 1 / Double(complete.joiners.count + 1)
        sum.push(
            complete.joiners.map { MixingWeight(peer: $0, weight: share) }, round: complete.round,
            tag: JoinRequest.tag, &effects)
        if isHeld { push(&effects) }
        admit(&effects)
    }
}
