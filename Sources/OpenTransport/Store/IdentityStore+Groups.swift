extension IdentityStore {
    /// A group by its name here. Throws where there is none, or it is damaged.
    public func group(_ name: String) throws(IdentityError) -> StoredGroup { try StoredGroup(name, in: self) }

    /// Founds a group and makes the peer its first member. Throws where there is one of the name. - Parameter now: in
    /// seconds since 1970.
    public func found(_ name: String, now: Int64) throws(IdentityError) -> StoredGroup {
        let folder = try folder(of: name)
        guard !isTaken(name) else {
            throw IdentityError(
                .unwritable, "group '\(name)'", "is there already, in \(folder)", remedy: "take another name")
        }
        let (own, root) = (try madeKey(), PrivateKey.generate())
        let group = Group.founded(as: name, key: root, now: now)
        let credentials = Credentials.ofFounder(own.publicKey, in: group, signedBy: root, now: now)
        try SecretFile.makeFolder(folder)
        // A key without a group, of an attempt that broke off, was never used.
        try SecretFile.write(root.pem, to: "\(folder)/root.key", .owner, replaces: true)
        try write(group, credentials, seeds: [], to: folder)
        return try self.group(name)
    }

    /// Takes an invitation: signs the peer's own key with it, asking nobody. Of a group that is there already the
    /// certificate stays that holds longer. Where the group's own key lies, members are known without the invitation:
    /// it changes no seeds, so that the peer may begin runs as before.
    /// - Parameters:
    ///   - name: what to call the group here; nil for its own name.
    ///   - now: in seconds since 1970.
    /// - Throws: an `IdentityError` where the invitation does not hold at this time, or another group has the name.
    public func accept(_ invitation: Invitation, as name: String? = nil, now: Int64) throws(IdentityError)
        -> StoredGroup
    {
        let name = name ?? invitation.group.name
        let folder = try folder(of: name)
        // A damaged one is written again.
        let former = try? group(name)
        guard former.map({ $0.group.id == invitation.group.id }) ?? true else {
            throw IdentityError(
                .unwritable, "group '\(name)'", "is there already, and is another group of the same name",
                remedy: "give this one another name by --name")
        }
        let own = try madeKey()
        var credentials = Credentials.ofInvited(own.publicKey, by: invitation, now: now)
        do {
            try Trust(group: invitation.group, revocations: former?.revocations).check(credentials, now: now)
        } catch {
            throw IdentityError(
                .refused, "invitation to \(name)", invitation.problem(error),
                remedy: "ask the holder of the group's key for another one")
        }
        if let former, former.end > credentials.end, (try? former.check(own, now: now)) != nil {
            credentials = former.credentials
        }
        let seeds = former.map { $0.mayInvite || invitation.seeds.isEmpty ? $0.seeds : invitation.seeds }
        try SecretFile.makeFolder(folder)
        try write(invitation.group, credentials, seeds: seeds ?? invitation.seeds, to: folder)
        return try group(name)
    }

    /// The group's certificate goes last: without it there is no group.
    private func write(
        _ group: Group, _ credentials: Credentials, seeds: [Seed], to folder: String
    ) throws(IdentityError) {
        let chain = credentials.chain.map(\.pem).joined()
        try SecretFile.write(chain, to: "\(folder)/certificate.pem", .everybody, replaces: true)
        let lines = seeds.map { "\($0)\n" }.joined()
        try SecretFile.write(lines, to: "\(folder)/seeds", .everybody, replaces: true)
        try SecretFile.write(group.root.pem, to: "\(folder)/root.pem", .everybody, replaces: true)
    }
}

extension Invitation {
    /// Why it does not admit, in a few words.
    fileprivate func problem(_ refusal: Refusal) -> String {
        switch refusal {
        case .expired: "has expired on \(date(certificate.validity.upperBound))"
        case .notYetValid: "holds from \(date(certificate.validity.lowerBound)) on, or this machine's clock is wrong"
        case .revoked: "was revoked, or this peer's key was"
        default: "admits nobody: \(refusal)"
        }
    }
}
