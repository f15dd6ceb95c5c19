import Graphs
import Membership
import Runtime

// What membership says, and what it hears.
extension EngineLoop {
    func carryOut(_ effect: MembershipEffect) {
        switch effect {
        case .dial(let attempt, let addresses): dial(attempt, addresses)
        case .send(let item, let number): send(item, number)
        case .close(let number, let reason): close(number, reason)
        case .askDialBack(let number): askDialBack(number.number)
        case .tell(let notice): tell(notice)
        }
    }

    private func send(_ item: MembershipItem, _ number: LinkNumber) {
        guard let link = link(number.number) else { return }
        if case .refusal(let records) = item {
            link.refusalCards = records.map { book.encoded($0) }
        } else if let item = book.item(item) {
            queue(item, link)
        }
    }

    private func close(_ number: LinkNumber, _ reason: CloseReason) {
        guard let link = link(number.number), link.isCounted else { return }
        link.isCounted = false
        switch reason {
        case .silence, .broken: lose(link)
        case .duplicate: end(link, saying: .duplicate)
        case .pruned: link.retirement = now + limits.retiring
        case .full: refuse(link)
        case .left: end(link, saying: stopping?.isFinished == true ? .finished : .leaving)
        case .oneself: end(link, saying: .oneself)
        }
    }

    private func tell(_ notice: MembershipNotice) {
        switch notice {
        case .waitsForSeeds: hear(.notice(.waitsForSeeds))
        case .joined(let through):
            let seconds = Double(now - began) * 1e-9
            hear(.notice(.joined(through: KeyID(through), seconds: seconds, members: member.memberCount)))
        case .appeared(let id): tell(.appeared(KeyID(id)))
        case .suspected: break
        case .returned(let id): tell(.returned(KeyID(id)))
        case .lost(let id, let hasLeft): tell(.lost(KeyID(id), hasLeft: hasLeft))
        case .replacedElsewhere: hear(.notice(.replacedElsewhere))
        }
    }

    /// An item for others than the link itself.
    func received(_ item: Item, _ link: EngineLink) {
        do throws(Breach) {
            switch item.content {
            case .ping(let ping):
                let records = try book.checked(ping.records, member, now: clock.unixSeconds())
                hear(.ping(records: records, degree: Int(ping.degree), digest: ping.digest), link)
            case .sync(let form, let bytes): try received(form, bytes, link)
            case .experiment(let text): experiment(text, link)
            case .dialBack(.asked(let port)): dialBack(link, port: port)
            case .dialBack(.answered(let isReached, let address)):
                dialedBack(link, isReached: isReached, at: address)
            case .hello, .refusal, .frame, .go, .chunk, .shutdown: break
            }
        } catch {
            breach(link, error)
        }
    }

    private func received(_ form: SyncForm, _ bytes: [UInt8], _ link: EngineLink) throws(Breach) {
        switch form {
        case .digests: hear(try MembershipReader.digests(bytes), link)
        case .versions: hear(try MembershipReader.versions(bytes), link)
        case .wanted: hear(try MembershipReader.wanted(bytes), link)
        case .records:
            let records = try MembershipReader.records(bytes)
            hear(.records(try book.checked(records, member, now: clock.unixSeconds())), link)
        case .revocations: try receivedRevocations(bytes, link)
        }
    }

    private func hear(_ item: MembershipItem, _ link: EngineLink) {
        if link.isCounted { tell(.received(item, link.linkNumber)) }
    }

    // MARK: Experiments

    /// What is trained is asked for, or told.
    private func experiment(_ text: String, _ link: EngineLink) {
        if let run {
            if text.isEmpty { queue(Item(number: 0, content: .experiment(run.text)), link) }
        } else if !text.isEmpty, !isAnswered, let peer = link.peer {
            isAnswered = true
            hear(.experiment(text, from: peer))
            end(link, saying: .finished)
        }
    }

    // MARK: Status

    var status: OpenStatus {
        var status = OpenStatus()
        status.members = member.directory.map { record in
            OpenStatus.Member(
                id: KeyID(record.id), addresses: (record.card?.addresses ?? []).compactMap { Seed($0)?.description },
                standing: record.version.standing == .alive ? "alive" : "suspect",
                isReachable: record.reachability == .unknown ? nil : record.reachability == .reachable)
        }
        status.members.sort { $0.id < $1.id }
        status.links = links.compactMap { link in
            guard let place = link.openPeer?.place, let peer = link.peer else { return nil }
            return OpenStatus.Link(
                place: place, peer: LinkPeer(id: peer, address: link.address.text), isDialed: link.isDialed,
                seconds: Double(now - link.openedAt) * 1e-9, sentByteCount: link.sentByteCount,
                receivedByteCount: link.receivedByteCount, modelsUnderWay: link.frames.modelCount)
        }
        status.links.sort { $0.place < $1.place }
        (status.sentByteCount, status.receivedByteCount) = (sentByteCount, receivedByteCount)
        return status
    }
}
