public import Configuration

extension StoredGroup {
    /// How long an invitation holds at most: a year.
    private static let longestInvitation = TimeSpan(nanoseconds: 365 * 86_400 * 1_000_000_000)
    /// How long it holds unless somebody says otherwise: seven days.
    public static let usualInvitation = TimeSpan(nanoseconds: 7 * 86_400 * 1_000_000_000)

    /// Makes an invitation. - Parameter now: in seconds since 1970.
    ///
    /// Throws an `IdentityError` where the group's key is not here, and a `ConfigurationError` that names what cannot
    /// be.
    public func invite(for span: TimeSpan, seeds: [Seed], now: Int64) throws -> Invitation {
        guard span.seconds >= 60, span <= Self.longestInvitation else {
            throw ConfigurationError(
                key: "--for", "an invitation holds between 1min and 8760h, and this one for \(span)")
        }
        guard seeds.count <= Invitation.mostSeeds else {
            throw ConfigurationError(
                key: "--seed",
                "an invitation names at most \(Invitation.mostSeeds) members, and here are \(seeds.count)")
        }
        let root = try rootKey()
        let end = min(now + Int64(span.seconds), group.root.validity.upperBound)
        guard end > now else {
            throw IdentityError(
                .refused, "group \(name)", "has expired on \(date(group.root.validity.upperBound))",
                remedy: "found another one")
        }
        return .signed(
            by: root, of: group, key: .generate(), seeds: seeds, validity: now - Certificate.day...end)
    }

    /// Admits a peer, or all whom an invitation admitted, no longer. False where it was revoked before.
    ///
    /// - Parameter now: in seconds since 1970.
    public func revoke(_ id: KeyID, now: Int64) throws(IdentityError) -> Bool {
        let root = try rootKey()
        guard id != group.id else {
            throw IdentityError(
                .unfit, "group \(name)", "cannot be revoked by itself", remedy: "name a peer or an invitation")
        }
        let known = try writtenRevocations()
        if known?.revokes(id) == true { return false }
        let list = RevocationList.signed(by: root, of: group.root, adding: id, to: known, now: now)
        try keep(list)
        return true
    }

    /// Keeps a list of revocations, unless what is written there says more. Throws where it cannot be written.
    public func keep(_ list: RevocationList) throws(IdentityError) {
        guard list.saysMore(than: try writtenRevocations()) else { return }
        try SecretFile.write(list.pem, to: "\(folder)/revoked.pem", .everybody, replaces: true)
    }
}
