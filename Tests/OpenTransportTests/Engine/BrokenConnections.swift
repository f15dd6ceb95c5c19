import Glibc

/// Breaks all connections of this process that lead to a port of its own, as a network does.
func breakConnections(port: UInt16) {
    // No test has more files.
    for descriptor in Int32(3)..<20_000 {
        var (address, length) = (sockaddr_in6(), socklen_t(MemoryLayout<sockaddr_in6>.size))
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
        }
        if isConnected, address.sin6_port.bigEndian == port { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
