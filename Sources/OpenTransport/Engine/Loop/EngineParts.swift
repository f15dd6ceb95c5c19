import Membership
import Runtime

/// What an engine is made of, before its thread begins.
///
/// A class: a struct of so many parts comes with ten kilobytes of code to copy it, which nobody does.
final class EngineParts: Sendable {
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

    init(
        settings: OpenSettings, identity: OpenIdentity, run: LinkRun?, clock: LinkClock, limits: EngineLimits,
        mailbox: Mailbox, pipe: WakePipe, listener: Socket?, port: UInt16?, card: Card, member: LocalMember,
        book: RecordBook
    ) {
        (self.settings, self.identity, self.run, self.clock) = (settings, identity, run, clock)
        (self.limits, self.mailbox, self.pipe) = (limits, mailbox, pipe)
        (self.listener, self.port) = (listener, port)
        (self.card, self.member, self.book) = (card, member, book)
    }
}
