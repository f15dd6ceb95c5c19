import Runtime

extension OpenNotice {
    /// What a run is told of it; nil for what nobody needs to know.
    var told: LinkNotice? {
        switch self {
        case .joined(let peer, let seconds, let members):
            .joined(through: peer.short, seconds: seconds, peers: members)
        case .notAdmitted(let refusal, let teller): .refused(LinkError(refusal, by: teller))
        case .replacedElsewhere:
            .ended(
                LinkError(
                    .refused, "another process with this peer's key was started later, and has taken its place",
                    remedy: "give each peer a key of its own: `murmur group accept` on each machine"))
        case .excluded(let refusal):
            .ended(
                LinkError(
                    .refused, "the group does not let this peer in any more: \(refusal.finding)",
                    remedy: refusal.remedy))
        default: sentence.map(LinkNotice.remark)
        }
    }

    private var sentence: String? {
        switch self {
        case .waitsForSeeds: "no seed has answered yet; still trying"
        // That a peer of the same machine reaches it says nothing of others.
        case .reachability(_, let address?) where address.isLoopback: nil
        case .reachability(true, let address?): "reachable from outside at \(address)"
        case .reachability(false, let address?):
            "not reachable from outside at \(address): links lead outward, and carry both ways"
        case .reachability: nil
        case .appeared(let peer): "\(peer.short) is there"
        case .returned(let peer): "\(peer.short) is there again"
        case .lost(let peer, true): "\(peer.short) has left"
        case .lost(let peer, false): "\(peer.short) was silent for too long"
        case .lost(let peer, nil): "\(peer.short) has left, or was silent for too long"
        case .refused(let refusal, let whom): "\(whom) was not let in: \(refusal.finding)"
        case .breach(let reason, let peer):
            "\(peer.short) does not keep to the protocol (\(reason)); left alone for a while"
        case .noPeer(let reason, let address): "\(address): \(reason)"
        case .clockDiffers(let seconds, let peer):
            "the clocks of this machine and of \(peer.short) differ by \(seconds) s; certificates go by them"
        case .socketShortage(let reason): "the system gives no more sockets for now (\(reason))"
        case .joined, .notAdmitted, .excluded, .replacedElsewhere: nil
        }
    }
}
