import Graphs
import Membership

/// One connection of an engine, from the first byte of TLS to its last word. Belongs to the engine's thread.
final class EngineLink {
    /// What it is for.
    enum Purpose {
        /// To stay.
        case link
        /// To see whether the other end of that link can be dialed.
        case dialBack(UInt64)
    }

    /// Where it is.
    enum Stage {
        case handshake
        /// Both ends have shown who they are, and the one who dialed greets first.
        case secured
        /// The node is asked for its greeting.
        case awaitingNode
        /// This end has greeted.
        case greeted
        /// It is over, but for the last bytes.
        case draining(end: Int64)
    }

    let number: UInt64
    let socket: Socket
    let address: SocketAddress
    /// The number of membership's dial until it is told how that ended; nil where the other end dialed.
    var attempt: UInt64?
    let isDialed: Bool
    let purpose: Purpose
    let channel: SecureChannel
    var stage = Stage.handshake
    var state: LinkState
    var reader = ItemReader()
    var outgoing = OutgoingBytes()
    var control: ControlQueue
    var frames: FrameQueue
    /// Whether it waits for room in the socket, or for something to read.
    var needsWriting = false
    /// Whether TLS may still hold something that no poll tells of.
    var mayHoldMore = false

    /// Who the other end is, once it has shown that.
    var credentials: Credentials?
    /// Its greeting, until this end has greeted.
    var heldHello: Item?
    var theirs: Hello?
    /// What the node was asked for, and what it said.
    var place: PeerID?
    var session: SessionGreeting?
    /// As what the node knows it while it is open there.
    var openPeer: PeerNumber?
    /// Whether membership counts it.
    var isCounted = false
    var openedAt: Int64 = 0
    /// How far the frames of both ends have come.
    var places = FramePlaces()
    /// Until when it waits for a quiet moment to end in, as it is spared; nil where it is not.
    var retirement: Int64?
    /// Payloads that come.
    var incoming: [UInt64: IncomingModel] = [:]
    /// Frames that came before a payload that was announced earlier.
    var overtaking = 0
    /// Whether a frame has come.
    var hasFrames = false
    /// Frames of which the payload has come and the node has not said so, by their places.
    var unhandled: [(frame: UInt64, place: UInt64)] = []
    /// Whether it has asked to be dialed back, or has asked the other end to.
    var hasAskedDialBack = false
    var hasDialedBack = false
    /// Where the other end is dialed back.
    var dialBackAddress: SocketAddress?
    /// Until when the other end has to greet that has dialed.
    var greetingDeadline = Int64.max
    /// The records that a refusal names, until it goes.
    var refusalCards: [[UInt8]] = []
    /// Whether nothing can be written any more.
    var isBroken = false
    var hasShutDown = false
    var revocations = RevocationParts()
    var heardAt: Int64 = 0
    /// When the socket last took something.
    var wroteAt: Int64
    var sentByteCount = 0
    var receivedByteCount = 0

    init(
        number: UInt64, socket: Socket, address: SocketAddress, attempt: UInt64?, isDialed: Bool, purpose: Purpose,
        channel: SecureChannel, state: LinkState, limits: EngineLimits, now: Int64
    ) {
        self.number = number
        self.socket = socket
        self.address = address
        self.attempt = attempt
        self.isDialed = isDialed
        self.purpose = purpose
        self.channel = channel
        self.state = state
        wroteAt = now
        control = ControlQueue(limits, now: now)
        frames = FrameQueue(limits, now: now)
    }

    var linkNumber: LinkNumber { LinkNumber(number) }

    /// Who the other end is, once it has shown that.
    var peer: KeyID? { credentials?.own.publicKey.id }

    /// As people read it.
    var name: String { peer.map { "\($0.short)… at \(address.text)" } ?? address.text }

    /// Whether it has not shown yet who it is.
    var isStranger: Bool { if case .handshake = stage { true } else { false } }

    /// Whether it is over.
    var isOver: Bool { if case .draining = stage { true } else { false } }

    /// Whether it is open on this side, and no end of it is near.
    var isOpen: Bool { state.phase == .open }
}
