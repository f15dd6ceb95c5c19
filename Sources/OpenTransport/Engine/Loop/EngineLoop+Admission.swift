import Runtime

// Who is a member no longer: the revoked, and those whose certificates have ended.
extension EngineLoop {
    func sendRevocationCount(_ link: EngineLink) {
        queue(
            Item(number: 0, content: .sync(.revocations, RevocationParts.Content(book.trust.revocations).bytes)), link)
    }

    func receivedRevocations(_ bytes: [UInt8], _ link: EngineLink) throws(Breach) {
        guard let content = RevocationParts.Content(bytes) else { throw .record }
        switch content {
        case .known(let count, let digest):
            guard let list = book.trust.revocations, list.saysMore(thanCount: count, digest: digest) else { return }
            sendRevocations(list, link)
        case .part(let start, let total, let bytes):
            guard let der = try link.revocations.take(start: start, total: total, bytes) else { return }
            guard let list = RevocationList(der: der, of: identity.trust.group.root) else { throw .record }
            learn(list, from: link)
        }
    }

    private func sendRevocations(_ list: RevocationList, _ link: EngineLink) {
        for part in RevocationParts.parts(of: list) {
            queue(Item(number: 0, content: .sync(.revocations, part.bytes)), link)
        }
    }

    /// Lets those in no more who were revoked, if this is news, and tells all others. The revoked learn of it, too, so
    /// that they know that it is the group that wants it so, and not one partner.
    func learn(_ list: RevocationList, from sender: EngineLink?) {
        guard list.saysMore(than: book.trust.revocations) else { return }
        book.trust.revocations = list
        context.trust.revocations = list
        hear(.revoked(list))
        for link in links where !link.isOver {
            if link !== sender, link.openPeer != nil { sendRevocations(list, link) }
            if let credentials = link.credentials, list.revokes(credentials) { end(link, saying: .revoked) }
        }
        if list.revokes(identity.credentials) { exclude(.revoked) }
    }

    /// Ends the links of those whose membership has ended since they came, its own among them.
    func endExpired() {
        let now = clock.unixSeconds()
        for link in links where !link.isOver {
            if let credentials = link.credentials, credentials.end < now { end(link, saying: .revoked) }
        }
        if identity.credentials.end < now { exclude(.expired) }
    }

    private func exclude(_ refusal: Refusal) {
        guard !isExcluded else { return }
        isExcluded = true
        hear(.notice(.excluded(refusal)))
    }
}
