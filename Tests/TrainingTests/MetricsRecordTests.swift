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
    ])
    func countsThatAreNoneAreRefused(line: String) {
        #expect(throws: MetricsError.self) { try MetricsRecord(line: line.utf8) }
    }

    @Test func kindsOfALaterVersionAreNothing() throws {
        #expect(try MetricsRecord(line: #"{"step":1,"time":1,"kind":"weather"}"#.utf8) == nil)
    }
}
