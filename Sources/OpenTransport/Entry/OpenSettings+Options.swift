import Configuration

extension OpenSettings {
    /// What the options of the transport say. Throws `ConfigurationError` for an address that is none.
    init(_ options: Options, _ group: StoredGroup) throws(ConfigurationError) {
        self.init(listen: try Self.listen(options.value(TLSTransport.listen)))
        advertised = try Self.addresses(options.value(TLSTransport.advertise), "transport.advertise")
        let given = try Self.addresses(options.value(TLSTransport.seeds), "transport.seeds")
        seeds = given.isEmpty ? group.seeds : given
        neighbours = try options.value(TLSTransport.neighbours)
        silenceSeconds = try options.value(TLSTransport.silence)
        doubtSeconds = try options.value(TLSTransport.doubt)
        encoding = try options.value(TLSTransport.encoding) == .bf16 ? .bf16 : .fp32
        uploadBitsPerSecond = try options.value(TLSTransport.upload).map { $0 * 1e6 }
        guard listen != nil || advertised.isEmpty else {
            throw ConfigurationError(
                key: "transport.advertise",
                "nobody can dial a peer that listens nowhere; leave it out, or set transport.listen")
        }
    }

    private static func addresses(_ texts: [String], _ key: String) throws(ConfigurationError) -> [Seed] {
        var addresses: [Seed] = []
        for text in texts {
            guard let address = Seed(text) else {
                throw ConfigurationError(
                    key: key, "'\(excerpt(text))' is no HOST:PORT; write it like peer.example.org:7946")
            }
            addresses.append(address)
        }
        return addresses
    }

    /// All addresses of the machine, those of IPv4 among them, at that port; 0 for any that is free.
    private static func anywhere(port: UInt16) -> Seed? { Seed(listening: "[::]:\(port)") }

    /// Where a peer listens unless somebody says otherwise, and at any port that is free there.
    static let usualListen = Seed(listening: TLSTransport.usualListen)
    static let anyListen = anywhere(port: 0)

    private static func listen(_ text: String) throws(ConfigurationError) -> Seed? {
        if text == "none" { return nil }
        guard let address = UInt16(text).map({ anywhere(port: $0) }) ?? Seed(listening: text) else {
            throw ConfigurationError(
                key: "transport.listen",
                "'\(excerpt(text))' is no HOST:PORT; write it like 192.0.2.7:7946, a port alone for all addresses, or "
                    + "none")
        }
        return address
    }
}
