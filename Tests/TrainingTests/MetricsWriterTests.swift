import Foundation
import TestKit
import Testing

@testable import Records
@testable import Training

@Suite struct MetricsWriterTests {
    private let line = MetricsRecord.learning(
        step: 120, time: 12.3, epoch: 0.5, peer: .peer(3), split: .train, loss: 0.41, accuracy: 0.87, samples: 38400,
        learningRate: 0.05)

    @Test func aRecordIsALine() throws {
        try withTemporaryFolder { folder in
            let writer = try MetricsWriter("\(folder)/metrics.jsonl")
            try writer.write(line)
            // Without waiting for more.
            #expect(
                text("\(folder)/metrics.jsonl") == """
                    {"step":120,"time":12.3,"epoch":0.5,"peer":3,"split":"train","loss":0.41,"accuracy":0.87,\
                    "samples":38400,"learning_rate":0.05}

                    """)
            try writer.write(
                .learning(
                    step: 1, time: 1.0 / 3, epoch: 1, peer: .consensus, split: .test, loss: .nan, accuracy: nil,
                    samples: 2),
                .consensus(step: 1, time: 2, distance: 0.25), .network(step: 1, time: 2, messages: 3, bytes: 4))
            try writer.close()
            let lines = text("\(folder)/metrics.jsonl")?.split(separator: "\n").dropFirst() ?? []
            #expect(
                Array(lines) == [
                    #"{"step":1,"time":0.333333,"epoch":1.0,"peer":null,"split":"test","loss":null,"accuracy":null,"#
                        + #""samples":2}"#,
                    #"{"kind":"consensus","step":1,"time":2.0,"distance":0.25}"#,
                    #"{"kind":"network","step":1,"time":2.0,"messages":3,"bytes":4}"#,
                ])
        }
    }

    @Test func anEarlierFileIsLeftAlone() throws {
        try withTemporaryFolder { folder in
            try Data("x".utf8).write(to: URL(filePath: "\(folder)/m"))
            #expect(throws: OutputError.self) { try MetricsWriter("\(folder)/m") }
            #expect(text("\(folder)/m") == "x")
        }
    }

    @Test func aFullDiskIsToldInASentence() throws {
        let writer = MetricsWriter("/dev/full", descriptor: open("/dev/full", O_WRONLY))
        let first = try #require(throws: OutputError.self) { try writer.write(line) }
        #expect(first.description.contains("the disk is full"))
        #expect(throws: first) { try writer.write(line) }
        #expect(throws: first) { try writer.close() }
    }

    @Test func threadsDoNotTearLines() throws {
        try withTemporaryFolder { folder in
            let writer = try MetricsWriter("\(folder)/m")
            DispatchQueue.concurrentPerform(iterations: 64) { index in
                try? writer.write(.consensus(step: index, time: 1, distance: 0.5))
            }
            try writer.close()
            let lines = try #require(text("\(folder)/m")).split(separator: "\n")
            #expect(Set(lines).count == 64)
            #expect(lines.allSatisfy { $0.hasPrefix("{\"kind\"") && $0.hasSuffix("}") })
        }
    }
}
