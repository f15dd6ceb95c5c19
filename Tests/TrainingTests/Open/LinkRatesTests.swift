import Gossip
import Runs
import Runtime
import Testing

@testable import Training

@Suite struct LinkRatesTests {
    @Test func ratesAreOfTheLastSecond() {
        var rates = LinkRates()
        var status = LinkStatus(group: "lab", peer: "a")
        status.members = ["a", "b"].map { LinkStatus.Member(peer: $0, standing: "alive", addresses: []) }
        let first = rates.progress(status, at: .zero)
        #expect(first.peers == 2 && first.links == 0 && first.megabitsSent == 0)
        (status.bytesSent, status.bytesReceived) = (1_000_000, 500_000)
        #expect(rates.progress(status, at: Time(seconds: 0.5)).megabitsSent == 0)
        let second = rates.progress(status, at: Time(seconds: 2))
        #expect(second.megabitsSent == 4 && second.megabitsReceived == 2)
        // Until another second is over these hold.
        #expect(rates.progress(status, at: Time(seconds: 2.5)).megabitsSent == 4)
        #expect(rates.progress(status, at: Time(seconds: 4)).megabitsSent == 0)
    }
}
