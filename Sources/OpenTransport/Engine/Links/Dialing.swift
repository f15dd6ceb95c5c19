/// An attempt to reach somebody at one of several addresses, one after the other and beside each other, until a
/// connection is there.
final class Dialing {
    let number: UInt64
    /// The number of membership's dial; nil where a member is dialed back.
    let attempt: UInt64?
    let purpose: EngineLink.Purpose
    /// Where it leads, for people.
    private let name: String
    let begin: Int64
    /// Names that are still looked up.
    var lookups: Int
    private var addresses: [SocketAddress] = []
    private(set) var sockets: [(socket: Socket, address: SocketAddress)] = []
    private var nextStart: Int64
    private let limits: EngineLimits
    /// Why the last socket was not to be had.
    private(set) var shortage: Socket.Failure?
    private var lastFailure: (reason: String, address: String)?
    private var hasAddress = false

    init(
        _ name: String, number: UInt64, attempt: UInt64?, purpose: EngineLink.Purpose, limits: EngineLimits,
        now: Int64
    ) {
        (self.name, self.number, self.attempt, self.purpose) = (name, number, attempt, purpose)
        (lookups, self.limits, begin, nextStart) = (0, limits, now, now)
    }

    func add(_ more: [SocketAddress]) {
        addresses += more
        hasAddress = hasAddress || !more.isEmpty
    }

    /// Why nothing has come of it, and where.
    var failure: (reason: String, address: String) {
        lastFailure ?? (reason: hasAddress ? "nobody answers there" : "there is no such host", address: name)
    }

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
                lastFailure = (error.reason, address.text)
            }
        }
    }

    /// A socket has succeeded or failed. Gives the connection if there is one.
    func settle(_ descriptor: Int32) -> (socket: Socket, address: SocketAddress)? {
        guard let index = sockets.firstIndex(where: { $0.socket.descriptor == descriptor }) else { return nil }
        let settled = sockets.remove(at: index)
        guard let failure = settled.socket.failure else { return settled }
        lastFailure = (failure.reason, settled.address.text)
        return nil
    }
}
