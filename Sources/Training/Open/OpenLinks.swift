import Foundation
import Gossip
import Graphs
import Runs
package import Runtime
import Synchronization
import Vectors

/// The links of this process's peer on an open network: between the network's thread, which tells what comes, the
/// peer's, which handles it, and the run, which leads the peer.
package final class OpenLinks: Sendable {
    let network: any LinkNetwork
    let terms: LinkTerms
    /// The first letters of the experiment's fingerprint, for people.
    private let experiment: String
    /// After how many seconds a peer gives up that has no link yet; nil for never.
    private let patienceSeconds: Double?
    private let unixSeconds: @Sendable () -> Int64
    private let clock = Mutex<RunClock?>(nil)
    private let state = Mutex(State())

    private struct State {
        /// When the first link was there.
        var linkedAt: Time?
        /// The most others that were there at once, as far as was seen.
        var mostOthers = 0
        var hasModel = false
        var failure: LinkError?
        /// Whether nobody takes anything of the peer any more.
        var isShutOut = false
        var remarks: [String] = []
        /// When the peer was told to come to its end.
        var endingSince: Time?
        /// Since when nobody else is there, as far as was seen.
        var aloneSince: Time?
    }

    /// By which the run is told that its peer must leave though nobody has sent a signal.
    static let signal = SIGTERM

    /// How long a peer that leaves waits for others to have what it gave away.
    private static let leavingSeconds = 15.0
    /// The same where nobody else is there any more: until its node knows.
    private static let aloneSeconds = 1.0

    /// - Parameters:
    ///   - network: opened, and not begun yet.
    ///   - patienceSeconds: after so long without a link the peer gives up; nil for never.
    ///   - unixSeconds: the time in seconds since 1970.
    package init(
        _ network: any LinkNetwork, _ terms: LinkTerms, _ run: LinkRun, patienceSeconds: Double? = nil,
        unixSeconds: @escaping @Sendable () -> Int64
    ) {
        self.network = network
        self.terms = terms
        self.patienceSeconds = patienceSeconds
        self.unixSeconds = unixSeconds
        let digits = String(run.fingerprint, radix: 16)
        experiment = String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(4))
    }

    /// Why the peer takes part no longer; nil while nothing is wrong.
    package var failure: LinkError? { state.withLock { $0.failure } }

    // MARK: What comes

    /// Begins to hand what comes to the peer; `ring` is called when the run should look around.
    func begin(_ waker: Waker, _ traffic: Traffic, _ clock: RunClock, ring: @escaping @Sendable () -> Void) {
        self.clock.withLock { $0 = clock }
        network.begin(
            LinkArrivals(
                inbound: { [self] inbound in
                    // Under way until the peer has handled it.
                    if case .frame = inbound { traffic.began() }
                    note(inbound, at: clock.now)
                    waker.post(inbound)
                },
                notice: { [self] notice in
                    take(notice)
                    ring()
                }))
    }

    private func note(_ inbound: Inbound, at now: Time) {
        switch inbound {
        case .linkUp: state.withLock { $0.linkedAt = $0.linkedAt ?? now }
        case .frame(let frame):
            guard !terms.isFounder, frame.payloadByteCount > 0 else { return }
            state.withLock { state in
                guard !state.hasModel, let linkedAt = state.linkedAt else { return }
                state.hasModel = true
                let seconds = String(format: "%.1f", now.seconds - linkedAt.seconds)
                state.remarks.append("model of \(Self.size(frame.payloadByteCount)) in \(seconds) s")
            }
        default: break
        }
    }

    /// So many bytes, for people.
    static func size(_ byteCount: Int) -> String {
        switch byteCount {
        case ..<1000: "\(byteCount) bytes"
        case ..<1_000_000: String(format: "%.1f kB", Double(byteCount) * 1e-3)
        default: String(format: "%.1f MB", Double(byteCount) * 1e-6)
        }
    }

    private func take(_ notice: LinkNotice) {
        state.withLock { state in
            switch notice {
            case .joined(let peer, let seconds, let peers):
                let (time, count) = (String(format: "%.1f", seconds), peers == 1 ? "1 peer" : "\(peers) peers")
                let how =
                    terms.isFounder ? "first link after \(time) s, with \(peer)" : "joined through \(peer) in \(time) s"
                state.remarks.append("\(how); \(count); experiment \(experiment)")
            case .remark(let sentence): state.remarks.append(sentence)
            case .refused(let error):
                // Who has links, or founds, can do without the one that refuses.
                if state.linkedAt == nil, !terms.isFounder {
                    state.failure = state.failure ?? error
                } else {
                    state.remarks.append(error.finding)
                }
            case .ended(let error):
                state.failure = state.failure ?? error
                state.isShutOut = true
            }
        }
    }

    /// The sentences that nobody has taken yet.
    func takeRemarks() -> [String] {
        state.withLock { state in
            defer { state.remarks = [] }
            return state.remarks
        }
    }

    // MARK: Begin and end

    /// Whether the first step may begin: the peer has a link, or founds, and so many others were there as it waits for.
    func mayTrain(_ status: LinkStatus) -> Bool {
        state.withLock { state in
            let isLinked = state.linkedAt != nil
            // Who came and went between two looks was there.
            state.mostOthers = max(state.mostOthers, status.members.count - 1, isLinked ? 1 : 0)
            return (terms.isFounder || isLinked) && state.mostOthers >= terms.waitCount
        }
    }

    /// Whether the peer is to leave before it has made its steps: because of a failure, by the time that was set, or
    /// since nobody answers.
    var mustLeave: Bool {
        if let end = terms.endsAt, unixSeconds() >= end { return true }
        let now = clock.withLock { $0?.now } ?? .zero
        return state.withLock { state in
            if let patienceSeconds, state.linkedAt == nil, !terms.isFounder, now.seconds >= patienceSeconds {
                state.failure = state.failure ?? Self.nobody(afterSeconds: patienceSeconds)
            }
            return state.failure != nil
        }
    }

    private static func nobody(afterSeconds seconds: Double) -> LinkError {
        LinkError(
            .unreachable, "no seed has answered in \(Int(seconds.rounded())) s",
            remedy: "see that one of them runs and can be reached, or name others by transport.seeds")
    }

    /// The peer is told to come to its end.
    func noteEnding() {
        let now = clock.withLock { $0?.now } ?? .zero
        state.withLock { $0.endingSince = $0.endingSince ?? now }
    }

    /// Takes note of who is there.
    func note(_ status: LinkStatus) { note(status, at: clock.withLock { $0?.now } ?? .zero) }

    func note(_ status: LinkStatus, at now: Time) {
        let isAlone = status.links.isEmpty && status.members.allSatisfy { $0.peer == status.peer }
        state.withLock { $0.aloneSince = isAlone ? $0.aloneSince ?? now : nil }
    }

    /// Whether a peer that leaves has waited for long enough, or for nobody.
    var isOverdue: Bool { isOverdue(at: clock.withLock { $0?.now } ?? .zero) }

    func isOverdue(at now: Time) -> Bool {
        state.withLock { state in
            guard let endingSince = state.endingSince else { return false }
            if let aloneSince = state.aloneSince,
                now.seconds - max(aloneSince, endingSince).seconds >= Self.aloneSeconds
            {
                return true
            }
            return state.isShutOut || now.seconds - endingSince.seconds >= Self.leavingSeconds
        }
    }
}
