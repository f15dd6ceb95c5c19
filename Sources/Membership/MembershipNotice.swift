/// What a member tells whoever runs it.
public enum MembershipNotice: Hashable, Sendable {
    /// None of its seeds has answered yet, and it founds no group of its own.
    case waitsForSeeds
    /// Its first link leads to this member.
    case joined(through: MemberID)
    /// A member it did not know of, or a new incarnation of one.
    case appeared(MemberID)
    /// A member that somebody misses.
    case suspected(MemberID)
    /// A member that was suspected or lost has said that it is there.
    case returned(MemberID)
    /// A member that is gone: whether it has said so, or else was silent for too long; nil where who tells of it does
    /// not know either.
    case lost(MemberID, hasLeft: Bool?)
    /// Another process has the same key and a later start: this one must end.
    case replacedElsewhere
}
