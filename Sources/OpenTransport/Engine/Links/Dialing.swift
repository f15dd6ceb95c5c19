/// An attempt to reach somebody at one of several addresses, one after the other and beside each other, until a
/// connection is there.
final class Dialing {
    let number: UInt64
    /// The number of membership's dial; nil where a member is dialed back.
    let attempt: UInt64?
    let purpose: EngineLink.Purpose
    let begin: Int64
    /// Names that are still looked up.
    var lookups: Int
    private var addresses: [SocketAddress] = []
    private(set) var sockets: [(socket: Socket, address: SocketAddress)] = []
    private var nextStart: Int64
    private let limits: EngineLimits
    /// Why the last socket was not to be had.
    private(set) var shortage: Socket.Failure?

    init(
        number: UInt64, attempt: UInt64?, purpose: EngineLink.Purpose, lookups: Int, limits: EngineLimits, now: Int64
    ) {
        (self.number, self.attempt, self.purpose) = (number, attempt, purpose)
        (self.lookups, self.limits, begin, nextStart) = (lookups, limits, now, now)
    }

    func add(_ more: [SocketAddress]) { addresses += more }

    /// Whether nothing can come of it any more.
    func hasFailed(now: Int64) -> Bool {
        now >= begin + limits.dialing || lookups == 0 && addresses.isEmpty && sockets.isEmpty
    }

    /// When it has to be looked at.
    var deadline: Int64 { addresses.isEmpty ? begin + limits.dialing : min(nextStart, begin + limits.dialing) }

    /// Begins with the next address, if it is time.
    func advance(now: Int64) {
        while !addresses.isEmpty, now >= nextStart || sockets.isEmpty {
            let address = addresses.removeFirst()
            do throws(Socket.Failure) {
                sockets.append((try Socket.dialing(address), address))
                nextStart = now + limits.dialPause
            } catch {
                if error.isShortage { shortage = error }
            }
        }
    }

    /// A socket has succeeded or failed. Gives the connection if there is one.
    func settle(_ descriptor: Int32) -> (socket: Socket, address: SocketAddress)? {
        guard let index = sockets.firstIndex(where: { $0.socket.descriptor == descriptor }) else { return nil }
        let settled = sockets.remove(at: index)
        return settled.socket.isConnected ? settled : nil
    }
}
