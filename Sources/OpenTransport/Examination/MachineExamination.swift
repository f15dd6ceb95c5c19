import CSockets
import Glibc
import Runtime

/// What a peer would find on its machine: whether it may listen, at which addresses, and how right the clock is.
struct MachineExamination {
    /// Where it would listen.
    let listen: Seed
    /// Whether a peer of this user is at work, whose port it then may be.
    let isAtWork: Bool

    var findings: [LinkFinding] { [port, addresses] }

    /// Listens for a moment.
    private var port: LinkFinding {
        let name = "port \(listen.port)"
        do throws(Socket.Failure) {
            _ = try Socket.listening(at: listen.host, port: listen.port)
            return LinkFinding(name, "free, over \(protocols)")
        } catch {
            guard error.code == EADDRINUSE else {
                return LinkFinding(
                    name, "cannot be listened at (\(error.reason))",
                    remedy: "set transport.listen to an address of this machine and a port that is free, or to none")
            }
            if isAtWork { return LinkFinding(name, "in use, while a peer of this user is at work") }
            return LinkFinding(
                name, "in use by another process",
                remedy: "set transport.listen to another port, or end that process: `ss -ltnp sport = :\(listen.port)`")
        }
    }

    /// Which of the two the machine has.
    private var protocols: String {
        let both = [("::1", "IPv6"), ("127.0.0.1", "IPv4")].filter { host, _ in
            (try? Socket.listening(at: host, port: 0)) != nil
        }
        return both.map(\.1).joined(separator: " and ")
    }

    private var addresses: LinkFinding {
        let own = SocketAddress.own(port: listen.port, most: RecordBytes.mostAddresses).compactMap(\.seed)
        guard let first = own.first, !first.isLoopback else {
            return LinkFinding(
                "addresses", "none but this machine's own",
                remedy: "connect it to a network; until then only peers on this machine find each other")
        }
        return LinkFinding("addresses", own.map(\.host).joined(separator: ", "))
    }

    /// How far the clock can be believed. Whether it is right nobody knows before other peers tell theirs.
    ///
    /// - Parameters:
    ///   - isKept: whether a service keeps it, as far as the kernel knows.
    ///   - now: in seconds since 1970.
    static func clock(isKept: Bool, now: Int64) -> LinkFinding {
        guard !isKept else { return LinkFinding("clock", "\(date(now)), kept by a time service") }
        return LinkFinding(
            "clock", "\(date(now)), kept by no time service",
            remedy: "install systemd-timesyncd or chrony by apt-get: certificates begin and end by the clock")
    }

    /// Whether a service keeps the clock of this machine.
    static var isClockKept: Bool { csockets_clock_is_kept() == 1 }
}
