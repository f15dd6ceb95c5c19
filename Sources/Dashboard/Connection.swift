import Foundation
import Records
import Threads

/// One reader of the dashboard, from its request to its end. A socket that does not take what it is sent in time is
/// given up: the page comes back and goes on where it was.
struct Connection {
    /// How a connection ended.
    enum Ending: Sendable, Equatable {
        /// With everything told, or refused.
        case answered
        /// The reader went away, or said nothing.
        case left
        /// It read too slowly.
        case dropped
        /// The server was stopped.
        case stopped
    }

    private let socket: Int32
    private let port: UInt16
    /// Milliseconds that a reader has to say something, or to take in what it is sent.
    private let patience: Int32
    private let isStopped: () -> Bool

    /// Milliseconds between two looks at the run's records.
    private static let pause: Int32 = 200
    /// Pieces in which a request may come.
    private static let pieces = 64

    init(_ socket: Int32, port: UInt16, patience: Int32, isStopped: @escaping () -> Bool) {
        self.isStopped = isStopped
        self.socket = socket
        self.port = port
        self.patience = patience
        // What cannot be sent at once must not hold up the thread for longer than its patience.
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
    }

    /// Answers the one request of the connection.
    func serve(open: @escaping () -> RunFollower?) -> Ending {
        let request: Request
        do throws(Request.Refusal) {
            guard let head = try head() else { return .left }
            request = try Request(head: head, port: port)
        } catch {
            return send(Response.refusal(error.status)) ?? .answered
        }
        if request.path == "/events" {
            return stream(EventStream(lastEventID: request.lastEventID, open: open))
        }
        guard let page = Page.all[request.path] else { return send(Response.refusal("404 Not Found")) ?? .answered }
        return send(Response.whole(page.text, type: page.type)) ?? .answered
    }

    private func head() throws(Request.Refusal) -> String? {
        var bytes: [UInt8] = []
        for _ in 0..<Self.pieces {
            var piece = [UInt8](repeating: 0, count: 4096)
            guard isReady(POLLIN, atMost: patience) else { return nil }
            let count = recv(socket, &piece, piece.count, 0)
            guard count > 0 else { return nil }
            bytes += piece.prefix(count)
            let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.lowerBound
            if (end ?? bytes.count) > Request.limit { throw .tooLong }
            if let end { return String(decoding: bytes[..<end], as: UTF8.self) }
        }
        throw .tooLong
    }

    private func stream(_ stream: EventStream) -> Ending {
        var stream = stream
        if let ending = send(Response.streamHead) { return ending }
        // After the stop the end of the run may still be told, which takes two looks at records that do not grow.
        var lastLooks = 3
        while true {
            let text = stream.next()
            if let ending = send(Array(text.utf8)) { return ending }
            if stream.isOver { return .answered }
            guard text.isEmpty else { continue }
            if isStopped() {
                lastLooks -= 1
                if lastLooks == 0 { return .stopped }
                continue
            }
            // A reader has nothing to say any more: what comes is its end.
            if isReady(POLLIN, atMost: Self.pause) { return .left }
        }
    }

    /// Sends all bytes. How the connection ended where that cannot be done.
    private func send(_ bytes: [UInt8]) -> Ending? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(1 << 16))
            let count = Foundation.send(socket, piece, piece.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                guard isReady(POLLOUT, atMost: patience) else { return .dropped }
            } else if errno != EINTR {
                return .left
            }
        }
        return nil
    }

    /// Whether a socket is ready in time. When the server is stopped there is not much time left.
    private func isReady(_ event: Int32, atMost milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: socket, events: Int16(event), revents: 0)
        var left = milliseconds
        repeat {
            if poll(&wanted, 1, min(left, Self.pause)) > 0 { return true }
            left -= Self.pause
        } while left > 0 && !isStopped()
        return false
    }
}
