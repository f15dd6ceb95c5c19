import Configuration
import Dispatch
import Runtime
import Synchronization

/// A member of a group before it has a link.
struct TLSMember: LinkMember {
    /// Held for as long as the peer may be at work.
    let lock: IdentityLock
    let terms: LinkTerms
    let settings: OpenSettings
    let key: PrivateKey
    let group: StoredGroup
    let allowed: [KeyID]?
    let clock: LinkClock

    private var identity: OpenIdentity { OpenIdentity(key: key, group: group, allowed: allowed) }

    var introduction: [String] {
        let seeds = settings.seeds.map { "\($0)" }.joined(separator: ", ")
        return [
            "group  \(group.name), a member until \(date(group.end))", "peer   \(key.publicKey.id)",
            terms.isFounder ? "begins a run" : "seeds  \(seeds)",
        ]
    }

    // MARK: The experiment of others

    /// Why an address was of no use.
    private struct Failure {
        let reason: String
        /// Set where who listens there is not of the group. Others may be, so that this is no reason to end at once.
        var refusal: Refusal?
    }

    /// The first word of others, waited for.
    private final class Answer: Sendable {
        private let word = Mutex<Result<(text: String, teller: String), LinkError>?>(nil)
        /// Why an address was of no use, for the case that none is.
        private let failure = Mutex<Failure?>(nil)
        private let isPatienceTold = Atomic(false)
        private let isThere = DispatchSemaphore(value: 0)

        func take(_ event: OpenEvent) {
            switch event {
            case .experiment(let text, let teller): give(.success((text, "\(teller)")))
            case .notice(.notAdmitted(let refusal, let teller)): give(.failure(LinkError(refusal, by: teller)))
            case .notice(.waitsForSeeds): isPatienceTold.store(true, ordering: .relaxed)
            case .notice(.noPeer(let reason, let address)):
                failure.withLock { $0 = Failure(reason: "\(address): \(reason)") }
            case .notice(.refused(let refusal, let address)):
                failure.withLock { $0 = Failure(reason: "\(address): \(refusal.finding)", refusal: refusal) }
            default: break
            }
        }

        private func give(_ result: Result<(text: String, teller: String), LinkError>) {
            let isFirst = word.withLock { word in
                defer { word = word ?? result }
                return word == nil
            }
            if isFirst { isThere.signal() }
        }

        /// Nil where nobody has answered.
        func wait(seconds: Double) throws -> (text: String, teller: String)? {
            _ = isThere.wait(timeout: .now() + seconds)
            return try word.withLock { try $0?.get() }
        }

        /// Whether nobody has answered for a while, told once.
        func takePatience() -> Bool { isPatienceTold.exchange(false, ordering: .relaxed) }

        var lastFailure: Failure? { failure.withLock { $0 } }
    }

    /// Between two looks whether somebody has asked for the end.
    private static let lookSeconds = 0.2

    func experiment(
        patienceSeconds: Double, isStopped: () -> Bool, say: (String) -> Void
    ) throws -> (text: String, teller: String)? {
        var settings = settings
        settings.listen = nil
        let answer = Answer()
        let engine = try OpenEngine(settings, identity, nil, clock: clock, seed: terms.key) { answer.take($0) }
        defer { engine.stop(isFinished: false) }
        let end = clock.nanoseconds() + Int64(patienceSeconds * 1e9)
        while clock.nanoseconds() < end {
            if let word = try answer.wait(seconds: Self.lookSeconds) { return word }
            if isStopped() { return nil }
            if answer.takePatience() { say("\(Self.nobody(answer.lastFailure)) yet; still trying") }
        }
        let failure = answer.lastFailure
        throw LinkError(
            failure?.refusal == nil ? .unreachable : .refused,
            "\(Self.nobody(failure)) in \(Int(patienceSeconds.rounded())) s",
            remedy: failure?.refusal?.remedy
                ?? "see that one of them runs and can be reached, or name others by transport.seeds")
    }

    /// That nobody has answered, and how the last address was of no use.
    private static func nobody(_ failure: Failure?) -> String {
        let group = failure?.refusal == nil ? "" : " of the group"
        return "no seed\(group) has answered" + (failure.map { " (\($0.reason))" } ?? "")
    }

    /// Where the usual port is taken, as by another peer of the same machine, one that is free does as well for a peer
    /// that nobody has been told of.
    func open(_ run: LinkRun) throws -> any LinkNetwork {
        do {
            return try TLSNetwork(self, settings, identity, run)
        } catch let error as ConfigurationError {
            guard error.key == "transport.listen", !terms.isFounder, settings.listen == OpenSettings.usualListen else {
                throw error
            }
            var settings = settings
            settings.listen = OpenSettings.anyListen
            return try TLSNetwork(self, settings, identity, run)
        }
    }
}

extension LinkError {
    /// Why a member does not let this peer in.
    init(_ refusal: Refusal, by teller: String) {
        let kind: Kind =
            switch refusal {
            case .otherExperiment, .otherProtocol, .otherEncoding: .otherExperiment
            case .full: .unreachable
            default: .refused
            }
        self.init(kind, "\(teller) does not let this peer in: \(refusal.finding)", remedy: refusal.remedy)
    }
}
