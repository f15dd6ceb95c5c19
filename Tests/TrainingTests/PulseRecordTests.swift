import Configuration
import Testing

@testable import Records

@Suite struct PulseRecordTests {
    private let pulse = PulseRecord(
        step: 12, time: 2.5, since: 1.5, samples: 480, steps: PulseRecord.Progress(done: 22, total: 40), dropped: 3,
        peers: [
            PulseRecord.Peer(steps: 12, computingSeconds: 2.25, mass: 0.75, state: .running),
            PulseRecord.Peer(steps: 10, computingSeconds: 1, mass: nil, state: .dead),
        ],
        messages: [PulseRecord.Pair(from: 0, to: 1, count: 7)],
        waits: [PulseRecord.Wait(peer: 1, awaited: 0, seconds: 0.5)])

    @Test func aLineIsReadBack() throws {
        let line = MetricsRecord.pulse(pulse).json.text
        #expect(
            line == #"{"kind":"pulse","step":12,"time":2.5,"since":1.5,"samples":480,"steps_done":22,"steps_total":40,"#
                + #""dropped":3,"peers":[[12,2.25,0.75,"running"],[10,1.0,null,"dead"]],"messages":[[0,1,7]],"#
                + #""waits":[[1,0,0.5]]}"#)
        #expect(try MetricsRecord(line: line.utf8) == .pulse(pulse))
    }

    @Test(arguments: [
        (#""dropped":3"#, #""dropped":-3"#), (#"[12,2.25,0.75,"running"]"#, #"[12,2.25,0.75,"asleep"]"#),
        (#"[12,2.25,0.75,"running"]"#, "[12]"), (#"[[0,1,7]]"#, #"[["0",1,7]]"#), (#"[[0,1,7]]"#, "7"),
        (#"[[1,0,0.5]]"#, "[[1,0]]"), (#""waits""#, #""hopes""#), (#""since":1.5"#, #""since":"then""#),
    ]) func whatIsNoPulseIsRefused(part: String, instead: String) throws {
        let line = MetricsRecord.pulse(pulse).json.text
        try #require(line.contains(part))
        #expect(throws: MetricsError.self) { try MetricsRecord(line: line.replacing(part, with: instead).utf8) }
    }
}
