/// Where a member listens: a host's name or address, and a port.
public struct Seed: Sendable, Hashable, CustomStringConvertible {
    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    let host: String
    private(set) var port: UInt16

    /// Reads `HOST:PORT` or `[IPv6]:PORT`; nil where the text is neither, or longer than 255 bytes.
    public init?(_ text: String) {
        self.init(listening: text)
        guard port > 0 else { return nil }
    }

    /// The same of where to listen, where port 0 is any that is free.
    public init?(listening text: String) {
        guard text.utf8.count <= 255, let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), "\(port)" == text[text.index(after: colon)...]
        else { return nil }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        let isHost = host.utf8.allSatisfy {
            // Letters, digits and what stands between them in names and addresses.
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                || [0x2d, 0x2e, 0x3a, 0x5f, 0x25].contains($0)
        }
        guard !host.isEmpty, isHost else { return nil }
        self.host = String(host)
        self.port = port
    }

    /// Whether it is this machine as it reaches itself, which is nobody else's way.
    var isLoopback: Bool { host == "::1" || host == "localhost" || host.hasPrefix("127.") }

    /// The same host with another port.
    func withPort(_ port: UInt16) -> Seed {
        var seed = self
        seed.port = port
        return seed
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
