import Configuration
import Testing

@testable import Records
@testable import Training

/// What is written is read back as it was, by the same type.
@Suite struct MetricsRecordTests {
    @Test(arguments: [
        MetricsRecord.learning(
            step: 12, time: 1.5, epoch: 0.25, peer: .peer(3), split: .train, loss: 0.5, accuracy: nil, samples: 96),
        .learning(
            step: 12, time: 1.5, epoch: 0.25, peer: .peer(3), split: .train, loss: 0.5, accuracy: nil, samples: 96,
            learningRate: 0.1),
        .learning(
            step: 9, time: 1, epoch: 1, peer: .peer(0), split: .train, loss: 0.5, accuracy: nil, samples: 9,
            learningRate: .leastNonzeroMagnitude),
        .learning(
            step: 1, time: 0, epoch: 1, peer: .consensus, split: .test, loss: nil, accuracy: 0.75, samples: 1 << 40),
        .learning(
            step: 1, time: 0, epoch: 1, peer: .server, split: .validation, loss: 2, accuracy: 1, samples: 0),
        .consensus(step: 3, time: 2, distance: 0.125), .consensus(step: 3, time: 2, distance: nil),
        .network(step: 4, time: 2.25, messages: 7, bytes: 1 << 50),
        .span(step: 2, peer: 3, begin: 1.25, end: 1.5, pass: .backward, microbatch: 17, slot: 1),
        .stage(StageRecord(stage: 1, layers: 2...4, peers: [4, 5, 6, 7], parameters: 1234, split: "rows")),
        .stage(StageRecord(stage: 0, layers: 7...7, peers: [0], parameters: 0, split: "neurons")),
    ])
    func readsWhatItWrites(record: MetricsRecord) throws {
        #expect(try MetricsRecord(line: record.json.text.utf8) == record)
    }

    @Test(arguments: [
        #"{"step":-1,"time":1,"kind":"consensus"}"#, #"{"step":9223372036854775807,"time":1,"kind":"consensus"}"#,
        #"{"step":1.5,"time":1,"kind":"consensus"}"#, #"{"step":1,"time":1,"kind":7}"#,
        #"{"step":1,"time":1,"kind":"network","messages":1,"bytes":-1}"#,
        #"{"step":1,"time":1,"epoch":1,"peer":-2,"split":"test","samples":1}"#,
        #"{"step":1,"time":1,"epoch":1,"peer":0,"split":"rest","samples":1}"#,
        #"{"step":1,"time":1,"kind":"span","peer":0,"begin":0,"end":1,"pass":"up","microbatch":1,"slot":0}"#,
        #"{"step":1,"time":1,"kind":"span","peer":0,"begin":0,"pass":"both","microbatch":1,"slot":0}"#,
        #"{"step":0,"time":0,"kind":"stage","stage":0,"layers":"0","peers":[0,-1],"parameters":1,"split":"rows"}"#,
        #"{"step":0,"time":0,"kind":"stage","stage":0,"layers":3,"peers":[0],"parameters":1,"split":"rows"}"#,
    ])
    func countsThatAreNoneAreRefused(line: String) {
        #expect(throws: MetricsError.self) { try MetricsRecord(line: line.utf8) }
    }

    /// As in every line since the first version, so that this one reads it, though it passes it over.
    @Test func spansAndStagesHaveAStepAndATime() throws {
        let span = MetricsRecord.span(step: 2, peer: 3, begin: 1.25, end: 1.5, pass: .both, microbatch: 17, slot: 1)
        #expect(
            span.json.text
                == #"{"kind":"span","step":2,"time":1.5,"peer":3,"begin":1.25,"end":1.5,"pass":"both","#
                + #""microbatch":17,"slot":1}"#)
        let stage = StageRecord(stage: 1, layers: 2...4, peers: [4, 5], parameters: 1234, split: "rows")
        #expect(
            MetricsRecord.stage(stage).json.text
                == #"{"kind":"stage","step":0,"time":0,"stage":1,"layers":"2-4","peers":[4,5],"#
                + #""parameters":1234,"split":"rows"}"#)
    }

    @Test func kindsOfALaterVersionAreNothing() throws {
        #expect(try MetricsRecord(line: #"{"step":1,"time":1,"kind":"weather"}"#.utf8) == nil)
    }
}
