import OpenTransport

/// What an invitation to a group holds, certificates and all: it gets its checksum, without which nothing is looked at.
struct InvitationFormat: FileFormat {
    static let name = "invitation"
    static let mostBytes = 4096
    static let kind = Mutator.Kind.bytes

    init(in folder: String) {}

    func read(_ bytes: [UInt8]) throws {
        let invitation = try Invitation(Invitation.text(of: bytes))
        let again = try Invitation(invitation.text)
        precondition(again == invitation, "an invitation is not what it was")
    }
}
