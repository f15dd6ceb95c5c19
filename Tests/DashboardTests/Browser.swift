import Foundation

/// A reader of the dashboard that speaks HTTP by hand over a socket of its own.
final class Browser {
    private let socket: Int32
    private(set) var received: [UInt8] = []

    struct Unreachable: Error {}

    /// Connects to a port of this machine.
    init(port: UInt16) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Unreachable() }
    }

    deinit { close(socket) }

    /// Sends a text as it is.
    func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Asks for a path.
    func get(_ path: String, host: String = "localhost", _ headers: String...) {
        say("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    /// What has come, as soon as it holds a text, or the connection ends. It is waited for.
    @discardableResult func read(until text: String? = nil) -> String {
        let wanted = text.map { Array($0.utf8) }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while wanted.map({ received.suffix(1 << 17).firstRange(of: $0) == nil }) ?? true {
            let count = recv(socket, &piece, piece.count, 0)
            guard count > 0 else { break }
            received += piece.prefix(count)
        }
        return String(decoding: received, as: UTF8.self)
    }
}
