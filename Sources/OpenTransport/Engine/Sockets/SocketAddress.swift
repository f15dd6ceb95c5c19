import CSockets

/// An address of TCP as the system has it.
struct SocketAddress: Sendable {
    var raw: csockets_address

    /// The addresses of a host; none where it has none. A name is looked up, which may take long, unless only numbers
    /// are asked for.
    static func resolve(_ seed: Seed, isNumeric: Bool) -> [SocketAddress] {
        var list = [csockets_address](repeating: csockets_address(), count: 8)
        let count = csockets_resolve(seed.host, seed.port, isNumeric ? 1 : 0, &list, Int32(list.count))
        return list.prefix(Int(count)).map { SocketAddress(raw: $0) }
    }

    /// The addresses of this machine at which others may reach that port, at most so many.
    static func own(port: UInt16, most: Int) -> [SocketAddress] {
        var list = [csockets_address](repeating: csockets_address(), count: most)
        let count = csockets_own_addresses(port, &list, Int32(most))
        return list.prefix(Int(count)).map { SocketAddress(raw: $0) }
    }

    /// As people write it, with the port.
    var seed: Seed? {
        var (address, text) = (raw, [UInt8](repeating: 0, count: 64))
        csockets_write(&address, &text)
        let host = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        let port = csockets_port(&address)
        return Seed(host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
    }

    /// The same for people, also where it can be no seed.
    var text: String { seed?.description ?? "an unknown address" }

    /// The same address with another port.
    func withPort(_ port: UInt16) -> SocketAddress {
        var address = raw
        csockets_set_port(&address, port)
        return SocketAddress(raw: address)
    }

    /// What its connections are counted by.
    var network: UInt64 {
        var address = raw
        return csockets_network(&address)
    }
}
