import Gossip
import Testing

@testable import TransportTrials

@Suite struct RandomTrialsTests {
    private let trial = Trial.random(peers: 4, count: 50, programs: 300, seed: 5)

    /// Nobody passes on what it has not heard, so that no program can trap.
    @Test func onlyWhatWasHeardIsPassedOn() {
        var heard = [Trial.Load?](repeating: nil, count: 4)
        var relays = 0
        for message in trial.programs.joined() {
            if case .relay(let part) = message.load {
                #expect(heard[message.from]?.part == part)
                relays += 1
            }
            if message.load.part != nil { heard[message.to] = message.load }
        }
        #expect(relays > 100)
    }

    @Test func aSeedRepeatsItsPrograms() {
        #expect(Trial.random(peers: 4, count: 50, programs: 300, seed: 5).programs == trial.programs)
        #expect(Trial.random(peers: 4, count: 50, programs: 300, seed: 6).programs != trial.programs)
        #expect(!trial.programs.contains { $0.isEmpty })
    }

    @Test func everyWayAndEveryLoadOccurs() {
        let messages = Array(trial.programs.joined())
        #expect(Set(messages.map { $0.from * 4 + $0.to }).count == 12)
        let lengths = Set(messages.map { $0.load.part?.range(in: 50).count })
        #expect(lengths.isSuperset(of: [nil, 0, 1, 50]))
    }

    @Test func sizesGoFromNoneOfTheNumbersToAll() {
        let lengths = Trial.sizes(peers: 2, count: 1 << 20).programs[0].compactMap { message in
            message.load.part?.range(in: 1 << 20).count
        }
        #expect(lengths.min() == 0)
        #expect(lengths.max() == 1 << 20)
        #expect(Set(lengths).count > 6)
    }
}
