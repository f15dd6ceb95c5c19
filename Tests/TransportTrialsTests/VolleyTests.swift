import Gossip
import InProcessTransport
import Testing

@testable import TransportTrials

@Suite struct VolleyTests {
    @Test func aVolleyIsAsLongAsItWasAskedFor() {
        var (server, returner) = (Volley(rounds: 3, to: 1, serves: true), Volley(rounds: 3, to: 0, serves: false))
        var sent: [Int] = []
        func tell(_ volley: inout Volley, _ event: Event, at seconds: Double) -> Effects {
            var effects = Effects()
            volley.handle(event, now: Time(seconds: seconds), &effects)
            return effects
        }
        var effects = tell(&server, .start, at: 0)
        #expect(tell(&returner, .start, at: 0).list.isEmpty)
        for round in 1...3 {
            guard case .send(nil, _, let note, 1, _) = effects.list.first else { break }
            sent.append(round)
            let answer = tell(&returner, .received(nil, note: note, from: 0), at: Double(round))
            #expect(answer.list.contains(.finish) == (round == 3))
            effects = tell(&server, .received(nil, note: note, from: 1), at: Double(round * round))
        }
        #expect(sent == [1, 2, 3])
        #expect(effects.list == [.finish])
        // It came back at 1, 4 and 9 s.
        #expect(server.roundTripSeconds == [3, 5])
    }
}
