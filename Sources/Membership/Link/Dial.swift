/// An attempt to reach somebody, until its host says how it ended.
struct Dial {
    enum Purpose {
        case seed
        case fill
        case swap
        case redial
        case lost
    }

    let attempt: UInt64
    /// Who should answer; nil where only the address of a seed is known.
    let member: MemberID?
    let purpose: Purpose
}
