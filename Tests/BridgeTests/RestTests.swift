import Testing

@testable import Bridge

/// When processes are at rest together.
@Suite struct RestTests {
    private func report(
        _ purpose: Rest.Purpose = .save, round: UInt64 = 0, token: UInt64 = 0, sent: [UInt64] = [0, 0],
        handled: [UInt64] = [0, 0]
    ) -> Rest.Report {
        Rest.Report(purpose: purpose, round: round, token: token, sent: sent, handled: handled)
    }

    @Test func isQuietWhenBothEndsCountTheSame() throws {
        var rest = Rest(rank: 0, ranks: 2)
        #expect(try rest.quiet() == nil)
        rest.note(report(sent: [0, 3]), of: 0)
        #expect(try rest.quiet() == nil)
        rest.note(report(handled: [2, 0]), of: 1)
        #expect(try rest.quiet() == nil)
        rest.note(report(handled: [3, 0]), of: 1)
        #expect(try rest.quiet()?.purpose == .save)
    }

    /// A rank that is ready to go on is still at the rest that this one is at.
    @Test func whoIsReadyWaits() throws {
        var rest = Rest(rank: 0, ranks: 2)
        rest.note(report(), of: 0)
        rest.note(report(), of: 1)
        rest.notePassed(0, of: 1)
        #expect(try rest.quiet()?.round == 0)
        rest.notePassed(0, of: 0)
        #expect(rest.havePassed(0))
        #expect(try rest.quiet() == nil)
        rest.note(report(round: 1), of: 0)
        #expect(try rest.quiet() == nil)
    }

    @Test func whoIsDoneTakesPart() throws {
        var rest = Rest(rank: 1, ranks: 2)
        rest.note(report(.end), of: 1)
        #expect(!rest.isAwaited)
        rest.note(report(.consensus, round: 4), of: 0)
        #expect(rest.isAwaited)
        #expect(try rest.quiet()?.round == 4)
        rest.notePassed(4, of: 0)
        #expect(!rest.isAwaited)
        #expect(try rest.quiet() == nil)
        rest.note(report(.end), of: 0)
        #expect(try rest.quiet()?.purpose == .end)
    }

    @Test func whoIsGoneIsNotWaitedFor() throws {
        var rest = Rest(rank: 0, ranks: 3)
        rest.note(report(sent: [0, 1, 5], handled: [0, 0, 0]), of: 0)
        rest.note(report(sent: [0, 0, 0], handled: [1, 0, 0]), of: 1)
        #expect(try rest.quiet() == nil)
        rest.noteGone(2)
        #expect(try rest.quiet() != nil)
        #expect(rest.others == [1])
    }

    @Test func differentPurposesAreNamed() {
        var rest = Rest(rank: 0, ranks: 2)
        rest.note(report(.save), of: 0)
        rest.note(report(.consensus), of: 1)
        #expect(throws: BridgeError.self) { try rest.quiet() }
        rest.note(report(.restore, token: 3), of: 0)
        rest.note(report(.restore, token: 5), of: 1)
        #expect(throws: BridgeError.self) { try rest.quiet() }
    }
}
