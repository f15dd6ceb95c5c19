import Gossip
import Graphs
import Testing

@testable import Simulator

@Suite struct LedgerTests {
    private func mass(_ held: Double) -> [Invariant] { [Invariant(name: Invariant.mass, total: 1, held: held)] }

    @Test func sharesOnPeersUnderWayAndLostAreOneSum() {
        var ledger = Ledger()
        for peer in 0..<4 { ledger.update(PeerID(peer), mass(0.25)) }
        #expect(ledger.violation == nil)
        ledger.update(1, mass(0.125))
        #expect(ledger.violation == "mass is 0.875, not 1.0")
        ledger.carry(0.125)
        #expect(ledger.violation == nil && ledger.inFlight == 0.125)
        ledger.strand(0.125, with: 1)
        #expect(ledger.violation == nil && ledger.inFlight == 0 && ledger.lost == 0.125)
        ledger.lose(ledger.mass(of: 2), with: 2)
        ledger.update(2, [])
        #expect(ledger.violation == nil && ledger.lost == 0.375 && ledger.mass(of: 2) == 0)
        ledger.update(2, mass(0.25))
        #expect(ledger.violation != nil)
        ledger.lose(-0.25, with: 2)
        #expect(ledger.violation == nil && ledger.lost == 0.125 && ledger.made == 0)
        // It comes back with more than it died with: what it had given away is there twice.
        ledger.update(2, mass(0.75))
        ledger.lose(-0.5, with: 2)
        #expect(ledger.violation == nil && ledger.lost == 0.125 && ledger.made == 0.5)
    }

    /// A law of another name knows neither messages nor losses.
    @Test func everyLawHasItsOwnAccount() {
        var ledger = Ledger()
        let invariants = [
            Invariant(name: Invariant.mass, total: 2, held: 1),
            Invariant(name: "tokens", total: 6, held: 3, tolerance: 0.5),
        ]
        ledger.update(0, invariants)
        ledger.update(1, invariants)
        ledger.carry(0.5)
        #expect(ledger.violation == "mass is 2.5, not 2.0")
        ledger.carry(-0.5)
        ledger.update(1, [invariants[0], Invariant(name: "tokens", total: 6, held: 3.4, tolerance: 0.5)])
        #expect(ledger.violation == nil)
        ledger.update(1, [invariants[0], Invariant(name: "tokens", total: 6, held: 2, tolerance: 0.5)])
        #expect(ledger.violation == "tokens is 5.0, not 6.0")
    }

    @Test func anAlgorithmWithoutInvariantsBreaksNone() {
        var ledger = Ledger()
        ledger.update(3, [])
        ledger.carry(1)
        #expect(ledger.violation == nil)
    }

    /// Millions of moves leave no rounding behind.
    @Test func roundingDoesNotAddUp() {
        var ledger = Ledger()
        var held = [0.5, 0.5]
        for peer in 0..<2 { ledger.update(PeerID(peer), mass(held[peer])) }
        for move in 0..<100_000 {
            let giver = move % 2
            let share = held[giver] / 3
            held[giver] -= share
            ledger.update(PeerID(giver), mass(held[giver]))
            ledger.carry(share)
            held[1 - giver] += share
            ledger.update(PeerID(1 - giver), mass(held[1 - giver]))
            ledger.carry(-share)
        }
        #expect(ledger.violation == nil && abs(ledger.inFlight) < 1e-15)
    }

    @Test func whatASumLosesIsKept() {
        var sum = CompensatedSum()
        for term in [1, 1e100, 1, -1e100] { sum += term }
        #expect(sum.value == 2)
        sum -= 2
        #expect(sum.value == 0)
    }
}
