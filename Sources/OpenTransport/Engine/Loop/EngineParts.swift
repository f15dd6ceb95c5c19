import Membership
import Runtime

/// What an engine is made of, before its thread begins.
struct EngineParts: Sendable {
    let settings: OpenSettings
    let identity: OpenIdentity
    let run: LinkRun?
    let clock: LinkClock
    let limits: EngineLimits
    let mailbox: Mailbox
    let pipe: WakePipe
    let listener: Socket?
    let port: UInt16?
    let card: Card
    let member: LocalMember
    let book: RecordBook
}
