import Configuration
import Runtime
import Transports

/// How a peer is joined to others.
enum PeerConnection: Sendable {
    case alone
    case processes(any ProcessNetwork)
    case links(any LinkMember)

    /// Joins the others over the transport that is named, or else over the one whose launcher has started this process,
    /// and waits for them. Without either the peer is alone.
    static func join(
        _ transport: PeerSettings.Choice?, environment: [String: String], clock: LinkClock
    ) throws(BridgeError) -> PeerConnection {
        do {
            guard let transport else {
                guard let launched = Transports.launched(environment: environment) else { return .alone }
                return .processes(try launched.transport.join(Options()))
            }
            let known = Transports.all.map(\.description.name)
            guard known.contains(transport.name) else {
                throw BridgeError(.invalid, unknown("transport", transport.name, known: known))
            }
            if let processes = Transports.processes(transport.name) {
                return .processes(try processes.join(transport.options))
            }
            if let links = Transports.links(transport.name) {
                return .links(try links.member(transport.options, environment: environment, clock: clock))
            }
            return .alone
        } catch {
            throw BridgeError(joining: error)
        }
    }
}

extension BridgeError {
    /// Why processes were not joined.
    init(joining error: any Error) {
        switch error {
        case let error as BridgeError: self = error
        case let error as ConfigurationError:
            let key = error.key.map { $0.hasPrefix("transport") ? $0 : "transport.\($0)" }
            self.init(.invalid, "\(ConfigurationError(key: key, error.message))")
        default: self.init(.unreachable, "\(error)")
        }
    }
}
