import Records
import Testing
import Training

@testable import Reports

@Suite struct PeerTimesTests {
    private func peer(_ number: Int, gradient: Double, update: Double, waiting: Double) -> PeerSummary {
        PeerSummary(
            peer: number, steps: 1000, samples: 64000, messagesSent: 3, bytesSent: 5000,
            trainSeconds: gradient + update + waiting, gradientSeconds: gradient, updateSeconds: update,
            communicationSeconds: waiting / 2, waitingSeconds: waiting / 2, accuracy: 0.5, loss: nil)
    }

    @Test func barsAreSharesOfTheLongest() {
        let text = PeerTimes(peers: [
            peer(0, gradient: 6, update: 2, waiting: 2), peer(1, gradient: 3, update: 1, waiting: 1),
        ]).markup.text
        for part in [
            #"<i class="t0" style="width:60.000%"></i><i class="t1" style="width:20.000%"></i>"#,
            #"<i class="t0" style="width:30.000%"></i><i class="t1" style="width:10.000%"></i>"#,
            #"<i class="t3" style="width:10.000%"></i><i class="t2" style="width:10.000%"></i>"#,
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func nothingIsDrawnOfNoTime() {
        #expect(PeerTimes(peers: [peer(0, gradient: 0, update: 0, waiting: 0)]).markup.text == "")
    }

    @Test func theTableHasTheSameInNumbers() {
        let table = PeerTimes(peers: [peer(1, gradient: 3, update: 1, waiting: 1)]).table
        #expect(
            table.rows == [
                ["1", "1,000", "64,000", "3", "5.0 kB", "5.00", "3.00", "1.00", "0.50", "0.50", "0.5000", "–"]
            ])
        #expect(table.rows[0].count == table.header.count)
    }
}
