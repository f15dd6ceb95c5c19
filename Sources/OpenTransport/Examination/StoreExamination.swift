import Runtime

/// What lies in a user's store: whether the key is whole and nobody else's, which memberships hold and for how long.
struct StoreExamination {
    let store: IdentityStore
    /// In seconds since 1970.
    let now: Int64

    /// A membership that ends sooner than this is worth a word.
    private static let soonSeconds = 3 * Certificate.day

    /// By which further peers of the user are told from the usual one.
    private var suffix: String {
        let folder = store.folder.split(separator: "/").last ?? ""
        return folder.hasPrefix("peer-") ? " of \(folder)" : ""
    }

    private var keyTitle: String { suffix.isEmpty ? "peer's key" : "key\(suffix)" }

    var findings: [LinkFinding] {
        do {
            guard let key = try store.key() else {
                return [LinkFinding(keyTitle, "none yet; `murmur group new` or `murmur join` makes it")]
            }
            let own = LinkFinding(keyTitle, "\(store.keyPath), of peer \(key.publicKey.id.short)")
            return [own] + store.names().map { group($0, key) }
        } catch {
            return [finding(keyTitle, error)]
        }
    }

    private func group(_ name: String, _ key: PrivateKey) -> LinkFinding {
        let title = "group \(name)\(suffix)"
        do {
            let stored = try store.group(name)
            if stored.mayInvite { _ = try stored.rootKey() }
            do {
                try stored.check(key, now: now)
            } catch let refusal as Refusal {
                return LinkFinding(title, refusal.finding, remedy: remedy(stored))
            }
            let state = "a member until \(date(stored.end))"
            return LinkFinding(title, state, remedy: stored.end - now < Self.soonSeconds ? remedy(stored) : nil)
        } catch let error as IdentityError {
            return finding(title, error)
        } catch {
            return LinkFinding(title, "cannot be read", remedy: "\(error)")
        }
    }

    private func finding(_ title: String, _ error: IdentityError) -> LinkFinding {
        LinkFinding(title, "\(error.subject) \(error.problem)", remedy: error.remedy)
    }

    /// How a membership is prolonged.
    private func remedy(_ stored: StoredGroup) -> String {
        guard stored.mayInvite else {
            return "ask the holder of the group's key for another invitation, and `murmur group accept` it"
        }
        return "`murmur group accept \"$(murmur group invite \(stored.name) --for 2160h)\" --name \(stored.name)`"
    }
}
