public import Gossip
public import Graphs
public import Records
public import Runtime

/// What one peer does, as events of a trace: slices of computing, of handling what comes and of waiting, and an arrow
/// for each message from where it leaves to where it is handled.
///
/// It is told of everything by the one thread that runs the peer's node.
public final class PeerTrace: PeerTracer {
    private let me: PeerID
    private let log: TraceLog
    private let clock: () -> Time
    /// Since when the peer waits, or until when it computes, where that is known; nil while it does not wait.
    private var idleSince: Time?
    /// Since when something is to be computed of which it is not told yet when it began: others may have the processor.
    private var askedSince: Time?
    private var isToldOfComputation = false
    /// The last computation, which a crash may still cut short.
    private var computation: (pass: Pass?, begin: Time, end: Time)?
    private var handlingSince = Time.zero
    /// The arrows that begin or end in what is being handled.
    private var arrows = ""
    /// The last frame with a place of its own that went to each receiver: what comes before it is a repetition.
    private var lastSent: [PeerID: (incarnations: Frame.Incarnations, place: UInt64)] = [:]

    /// - Parameters:
    ///   - isServer: whether the peer stands behind the learners.
    ///   - clock: the one clock of the run's trace.
    public init(of peer: PeerID, isServer: Bool, log: TraceLog, clock: @escaping () -> Time) {
        me = peer
        self.log = log
        self.clock = clock
        for event in TraceEvent.names(isServer ? "server" : "peer \(peer)", peer: peer.rawValue) { put(event) }
    }

    public func lives() { idleSince = clock() }

    public func dies() {
        let now = clock()
        wait(until: now)
        if let (pass, begin, end) = computation { computation = (pass, begin, min(end, now)) }
        flushComputation()
        (idleSince, askedSince) = (nil, nil)
        marks("crash")
    }

    public func beginsHandling() {
        handlingSince = clock()
        isToldOfComputation = false
    }

    public func handled(_ frame: Frame, places: ClosedRange<UInt64>) {
        for place in places { arrows += arrow(isEnd: true, frame, place, at: handlingSince).line }
    }

    public func sent(_ frame: Frame) {
        guard let place = frame.place else { return }
        if let last = lastSent[frame.to], last.incarnations == frame.incarnations, place <= last.place { return }
        lastSent[frame.to] = (frame.incarnations, place)
        arrows += arrow(isEnd: false, frame, place, at: clock()).line
    }

    public func dropped(_ frame: Frame) { log.append(Self.drop(frame, at: clock())) }

    public func endsHandling(_ inbound: Inbound?, then activity: PeerActivity) {
        let now = clock()
        wait(until: handlingSince)
        if now > handlingSince || !arrows.isEmpty || inbound?.isComputed == true {
            let slice = TraceEvent.slice(
                name(inbound), "communicating", peer: me.rawValue, row: .handling, from: handlingSince.nanoseconds,
                to: now.nanoseconds)
            // An arrow is drawn from and to the slice that stands before it, with no other peer's in between.
            log.append(slice.line + arrows)
            arrows = ""
        }
        switch activity {
        case .finished: idleSince = nil
        case .waiting: idleSince = now
        case .computing:
            if let since = idleSince, since <= now { idleSince = nil }
            if !isToldOfComputation, idleSince == nil { askedSince = askedSince ?? now }
        }
    }

    public func computes(_ pass: Pass?, from begin: Time, to end: Time) {
        idleSince = askedSince ?? idleSince
        askedSince = nil
        wait(until: begin)
        isToldOfComputation = true
        flushComputation()
        computation = (pass, begin, end)
        idleSince = end
    }

    public func ends() { flushComputation() }

    public func marks(_ what: String) { put(.mark(what, peer: me.rawValue, at: clock().nanoseconds)) }

    /// The mark of a frame that has come to nothing; nothing where it is no message.
    public static func drop(_ frame: Frame, at time: Time) -> String {
        guard let place = frame.place else { return "" }
        return TraceEvent.mark(
            "message from \(frame.from) to \(frame.to) dropped", message: number(frame, place),
            peer: frame.from.rawValue, at: time.nanoseconds
        ).line
    }

    // MARK: Events

    private func wait(until time: Time) {
        guard let since = idleSince, since < time else { return }
        put(
            .slice(
                "waiting", "waiting", peer: me.rawValue, row: .computing, from: since.nanoseconds, to: time.nanoseconds)
        )
        idleSince = time
    }

    private func flushComputation() {
        guard let (pass, begin, end) = computation else { return }
        computation = nil
        put(
            .slice(
                pass.map { "pass \($0.microbatch)/\($0.slot)" } ?? "gradient", "computing", peer: me.rawValue,
                row: .computing, from: begin.nanoseconds, to: end.nanoseconds))
    }

    private func name(_ inbound: Inbound?) -> String {
        switch inbound {
        case nil: "start"
        case .frame(let frame): frame.isMessage ? "message from \(frame.from)" : "acknowledgement of \(frame.from)"
        case .gradientReady, .passAdvanced: "update"
        case .timer: "timer"
        case .averaged: "average"
        case .peerJoined(let peer, _), .linkUp(let peer, _): "peer \(peer) joined"
        case .peerLeft(let peer), .linkDown(let peer), .doubtOver(let peer), .forgotten(let peer):
            "peer \(peer) left"
        case .greetingWanted(let peer, _): "greeting for peer \(peer)"
        case .event, .wake: "order"
        }
    }

    private func arrow(isEnd: Bool, _ frame: Frame, _ place: UInt64, at time: Time) -> TraceEvent {
        .arrow(isEnd: isEnd, number: Self.number(frame, place), peer: me.rawValue, at: time.nanoseconds)
    }

    /// A number that sender and receiver both know and no other message has: as many bits as a trace has room for.
    private static func number(_ frame: Frame, _ place: UInt64) -> UInt64 {
        let lives = UInt64(frame.incarnations.from & 15) << 4 | UInt64(frame.incarnations.to & 15)
        return UInt64(frame.from.rawValue & 0xffff) << 48 | UInt64(frame.to.rawValue & 0xffff) << 32 | lives << 24
            | place & 0xff_ffff
    }

    private func put(_ event: TraceEvent) { log.append(event.line) }
}
