/// Why a peer is not let in. The numbers travel.
public enum Refusal: UInt8, Error, Sendable, Hashable, CaseIterable {
    /// Its certificates lead to no root, or to another one.
    case otherGroup = 1
    /// It has signed its certificate itself.
    case selfSigned = 2
    /// Its certificate is signed by one who may sign none.
    case signedByPeer = 3
    /// Its invitation is signed by another invitation.
    case invitedByInvitation = 4
    /// One of its certificates has expired.
    case expired = 5
    /// One of its certificates does not hold yet.
    case notYetValid = 6
    /// Its key, or that of its invitation, was revoked.
    case revoked = 7
    /// It shows the certificate of a group or an invitation as its own.
    case noPeer = 8
    /// Its certificates are damaged in another way.
    case malformed = 9
    /// It is of the group, and not among those whom this member links to.
    case notAllowed = 10
    /// It speaks no protocol that this side does.
    case otherProtocol = 20
    /// It trains something else, or with other settings.
    case otherExperiment = 21
    /// It writes numbers in no encoding that this side reads.
    case otherEncoding = 22
    /// There is no room for another link.
    case full = 23
}

extension Refusal: CustomStringConvertible {
    /// What is wrong with the peer, and what helps: a sentence without a full stop.
    public var description: String {
        switch self {
        case .otherGroup: "its certificate is not of this group; give both the same group, by an invitation"
        case .selfSigned: "its certificate is signed by itself alone; it needs an invitation"
        case .signedByPeer: "its certificate is signed by a peer, and only invitations admit; it needs an invitation"
        case .invitedByInvitation:
            "its invitation is signed by another invitation; only the holder of the group's key invites"
        case .expired: "its certificate or invitation has expired; it needs another invitation, or its clock is wrong"
        case .notYetValid: "its certificate does not hold yet; one of the two clocks is wrong"
        case .revoked: "its key or its invitation was revoked; only the holder of the group's key can invite it again"
        case .noPeer: "it shows the certificate of an invitation as its own; it must sign one for its own key first"
        case .notAllowed: "it is not on this member's list of allowed peers; have it added there, or dial others"
        case .otherProtocol: "it speaks another version of the protocol; both need versions of murmur that are near"
        case .otherExperiment: "it trains another experiment; the settings of both must be the same"
        case .otherEncoding: "it sends numbers in no encoding that is read here; set transport.encoding alike"
        case .full: "there is no room for another link; it should dial others"
        case .malformed: "its certificates are no chain to the group; it needs another invitation"
        }
    }
}

extension Refusal {
    /// Whether it is a difference between the two, and not a fault of one.
    var isMutual: Bool { self == .otherExperiment || self == .otherProtocol || self == .otherEncoding }

    /// What is wrong, without what helps.
    var finding: String { halves.finding }

    /// What helps.
    var remedy: String { halves.remedy }

    private var halves: (finding: String, remedy: String) {
        let parts = description.split(separator: ";", maxSplits: 1)
        return (String(parts[0]), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
    }
}
