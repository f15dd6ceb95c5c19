import Gossip
import Graphs
import InProcessTransport
import Testing

@testable import TransportTrials

@Suite struct PingPongTests {
    @Test func aPingPongIsAsLongAsItWasAskedFor() {
        var (server, returner) = (PingPong(rounds: 3, to: 1, serves: true), PingPong(rounds: 3, to: 0, serves: false))
        var sent: [Int] = []
        func tell(_ pingPong: inout PingPong, _ event: Event, at seconds: Double) -> Effects {
            var effects = Effects()
            pingPong.handle(event, now: Time(seconds: seconds), &effects)
            return effects
        }
        var effects = tell(&server, .start, at: 0)
        #expect(tell(&returner, .start, at: 0).list.isEmpty)
        for round in 1...3 {
            guard case .send(nil, _, let metadata, 1, _) = effects.list.first else { break }
            sent.append(round)
            let answer = tell(&returner, .received(nil, metadata: metadata, from: 0), at: Double(round))
            #expect(answer.list.contains(.finish) == (round == 3))
            effects = tell(&server, .received(nil, metadata: metadata, from: 1), at: Double(round * round))
        }
        #expect(sent == [1, 2, 3])
        #expect(effects.list == [.finish])
        // It came back at 1, 4 and 9 s.
        #expect(server.roundTripSeconds == [3, 5])
    }
}
