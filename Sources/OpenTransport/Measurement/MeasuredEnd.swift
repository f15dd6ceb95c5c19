import Dispatch
import Gossip
import Graphs
import Runtime
import Synchronization
import Vectors

/// One end of a link that is measured: an engine, and of a node only the session.
final class MeasuredEnd: Sendable {
    private struct State {
        var engine: OpenEngine?
        var session = Session(me: 0, retransmissionSeconds: nil, isByLinks: true)
        /// The other end, once it is linked.
        var other: PeerID?
        var isBroken = false
        var messageCount: UInt64 = 0
        /// What is sent, and how often it is still to arrive.
        var payload: Payload?
        var rest = 0
    }

    private let state = Mutex(State())
    private let linked = DispatchSemaphore(value: 0)
    /// Signalled when all has arrived, or can no more.
    private let settled = DispatchSemaphore(value: 0)

    /// Begins. Returns the port that it listens at; nil where it only dials.
    func start(
        _ settings: OpenSettings, _ identity: OpenIdentity, _ run: LinkRun, clock: LinkClock, seed: UInt64
    ) throws -> UInt16? {
        // What the engine tells meanwhile waits for the lock.
        try state.withLock { state in
            let engine = try OpenEngine(settings, identity, run, clock: clock, seed: seed) { [weak self] in
                self?.take($0)
            }
            state.engine = engine
            return engine.port
        }
    }

    /// Whether the other end is linked within so many seconds.
    func isLinked(withinSeconds seconds: Double) -> Bool { linked.wait(timeout: .now() + seconds) == .success }

    /// Sends a payload so many times, each once the one before was handled, and waits until the last was. False where
    /// the link breaks.
    func send(_ payload: Payload, times: Int) -> Bool {
        state.withLock { state in
            (state.payload, state.rest) = (payload, times)
            sendNext(&state)
        }
        settled.wait()
        return state.withLock { state in
            state.payload = nil
            return !state.isBroken
        }
    }

    func stop() { state.withLock { $0.engine }?.stop(isFinished: true) }

    // MARK: The node

    private func sendNext(_ state: inout State) {
        guard let other = state.other, !state.isBroken else {
            settled.signal()
            return
        }
        state.messageCount += 1
        let outputs = state.session.send(
            state.payload, metadata: Metadata(weight: 0.5), to: other, id: MessageID(rawValue: state.messageCount),
            now: .zero)
        carryOut(outputs, &state)
    }

    private func take(_ event: OpenEvent) {
        state.withLock { state in
            switch event {
            case .greetingWanted(let place, let connection):
                state.engine?.greet(place, connection: connection, state.session.greeting(for: place))
            case .opened(let place, let greeting, _):
                carryOut(state.session.open(place, greeting), &state)
                state.other = place
                linked.signal()
            case .frame(let frame): carryOut(state.session.receive(frame), &state)
            case .closed(let place, _):
                state.session.suspend(place)
                state.isBroken = true
                if state.payload != nil { settled.signal() }
            case .doubtOver, .forgotten, .experiment, .revoked, .notice: break
            }
        }
    }

    private func carryOut(_ outputs: [Session.Output], _ state: inout State) {
        for output in outputs {
            switch output {
            case .transmit(let frame): state.engine?.send(frame)
            case .received, .receivedPart, .returned: break
            case .delivered:
                state.rest -= 1
                if state.rest > 0 { sendNext(&state) } else { settled.signal() }
            }
        }
    }
}
