import Configuration
import Runtime

/// Gets a peer into an open network: links by mutual TLS among the members of a group.
struct TLSTransport: LinkTransport {
    static let description = Description(
        name: "tls", summary: "An open network: peers come and go, each in a process of its own, wherever they are",
        options: [
            group.description, key.description, listen.description, advertise.description, seeds.description,
            found.description, allow.description, neighbours.description, silence.description, doubt.description,
            encoding.description, upload.description, waitCount.description, until.description,
        ])

    /// How the numbers of a model travel.
    enum Encoding: String, CaseIterable {
        case fp32, bf16
    }

    static let group = Option<String?>.optionalText(
        "group", "the group, as it is called here; null: the only one that is here")
    static let key = Option<String?>.optionalText("key", "the file of the peer's key; null: the user's")
    static let usualListen = "[::]:7946"
    static let listen = Option<String>.text(
        "listen", default: usualListen,
        "where the peer listens, HOST:PORT or a port alone; port 0 for a free one, none for nowhere")
    static let advertise = Option<[String]>.texts(
        "advertise", "where others are to dial the peer, HOST:PORT each; none: at the addresses of its machine")
    static let seeds = Option<[String]>.texts(
        "seeds", "where members listen, HOST:PORT each; none: those of the invitation")
    static let found = Option<Bool>.boolean(
        "found", default: false, "whether the peer begins a run though it knows where others may be")
    static let allow = Option<[String]>.texts("allow", "the ids of the only members to link to; none: all of the group")
    static let neighbours = Option<Int>.integer("neighbours", default: 6, in: 1...32, "how many links the peer wants")
    static let silence = Option<Double>.number(
        "silence_seconds", default: 10, in: 1...3600, "after how long without a sign of life a link is closed")
    static let doubt = Option<Double>.number(
        "doubt_seconds", default: 600, in: 1...86_400,
        "how long models that were under way when a link broke are neither here nor there")
    static let encoding = Option<Encoding>.choice(
        "encoding", default: .fp32, "how the numbers of a model travel, where the other end wants the same")
    static let upload = Option<Double?>.optionalNumber(
        "upload_mbit", in: 0.1...1e6, "how many megabits the peer sends in a second at most; null: any number")
    static let waitCount = Option<Int>.integer(
        "wait_for", default: 0, in: 0...4095, "how many others are to be there before the first step")
    static let until = Option<String?>.optionalText(
        "until", "when the peer leaves, such as 2026-12-24T18:00:00Z; null: after its last step")

    func member(_ options: Options, environment: [String: String], clock: LinkClock) throws -> any LinkMember {
        try options.refuseUnknown(besides: Self.description.options)
        let now = clock.unixSeconds()
        let store = try IdentityStore(environment: environment)
        guard let lock = try IdentityLock(store) else {
            throw LinkError(
                .unreachable, "the peer of \(store.folder) is at work in another process already",
                remedy: "wait for its end, or set MURMUR_HOME to a folder for another peer")
        }
        let key = try Self.key(options, store)
        let group = try store.group(Self.groupName(options, store))
        do {
            try group.check(key, now: now)
        } catch let refusal as Refusal {
            throw LinkError(
                .refused, "group \(group.name) does not let this peer in: \(refusal.finding)", remedy: refusal.remedy)
        }
        let settings = try OpenSettings(options, group)
        let isFounder = try options.value(Self.found) || settings.seeds.isEmpty
        let terms = LinkTerms(
            key: key.publicKey.id.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, isFounder: isFounder,
            waitCount: try options.value(Self.waitCount), endsAt: try Self.end(options, now: now),
            doubtSeconds: settings.doubtSeconds)
        let allowed = try options.value(Self.allow).map { text throws(ConfigurationError) in
            guard let id = KeyID(text) else {
                throw ConfigurationError(
                    key: "transport.allow",
                    "'\(excerpt(text))' is no id of a peer, which has 52 letters and digits; `murmur key show` tells a "
                        + "peer its own")
            }
            return id
        }
        return TLSMember(
            lock: lock, terms: terms, settings: settings, key: key, group: group,
            allowed: allowed.isEmpty ? nil : allowed,
            clock: clock)
    }

    private static func key(_ options: Options, _ store: IdentityStore) throws -> PrivateKey {
        let path = try options.value(key) ?? store.keyPath
        guard let key = try store.key(at: path) else {
            throw IdentityError(
                .missing, path, "is not there, so that this peer has no key",
                remedy: "`murmur group new NAME` or `murmur group accept INVITATION` makes one")
        }
        return key
    }

    /// The group that the options name, or the only one.
    private static func groupName(_ options: Options, _ store: IdentityStore) throws -> String {
        if let name = try options.value(group) { return name }
        let names = store.names()
        guard let only = names.first, names.count == 1 else {
            throw ConfigurationError(
                key: "transport.group",
                names.isEmpty
                    ? "there is no group here; found one by `murmur group new NAME`, or get into one by `murmur join`"
                    : "there is more than one group here; name one of \(names.joined(separator: ", "))")
        }
        return only
    }

    /// The moment that `until` names, in seconds since 1970.
    private static func end(_ options: Options, now: Int64) throws -> Int64? {
        guard let text = try options.value(until) else { return nil }
        guard let end = seconds(ofDate: text) else {
            throw ConfigurationError(
                key: "transport.until",
                "'\(excerpt(text))' is no moment; write it in UTC like 2026-12-24T18:00:00Z")
        }
        guard end > now else {
            throw ConfigurationError(
                key: "transport.until", "\(text) has passed; it is \(date(now)) now, by the clock of this machine")
        }
        return end
    }
}
