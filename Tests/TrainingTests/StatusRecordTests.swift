import Configuration
import Foundation
import TestKit
import Testing

@testable import Records

@Suite struct StatusRecordTests {
    private var status: StatusRecord {
        var status = StatusRecord(group: "lab", peer: "h2k4")
        status.addresses = ["192.0.2.7:7946"]
        status.isReachable = true
        status.members = [
            StatusRecord.Member(peer: "h2k4", standing: "alive", addresses: ["192.0.2.7:7946"]),
            StatusRecord.Member(peer: "x", standing: "suspect", addresses: []),
        ]
        status.links = [
            StatusRecord.Link(
                place: 1, peer: "x", address: "192.0.2.8:40000", isDialed: false, seconds: 2.5, bytesSent: 10,
                bytesReceived: 20)
        ]
        (status.bytesSent, status.bytesReceived, status.messagesSent) = (100, 200, 3)
        (status.steps, status.stepsTotal, status.loss, status.mass) = (4, 8, 0.25, 0.5)
        return status
    }

    @Test func aRecordIsReadBack() throws {
        #expect(try StatusRecord(text: status.json.text) == status)
        #expect(try StatusRecord(text: StatusRecord(group: "a", peer: "b").json.text).members == [])
    }

    @Test(arguments: [
        (#""group":"lab""#, #""group":7"#), (#""links":["#, #""links":[7,"#), (#""steps":4"#, #""steps":-4"#),
        (#""members":["#, #""others":["#), (#""dialed":false"#, #""dialed":0"#),
    ]) func whatIsNoRecordIsRefused(part: String, instead: String) throws {
        let text = status.json.text
        try #require(text.contains(part))
        #expect(throws: (any Error).self) { try StatusRecord(text: text.replacing(part, with: instead)) }
    }

    @Test func metricsAreThoseOfPrometheus() {
        let lines = status.metrics.split(separator: "\n")
        #expect(lines.contains(#"murmur_peers{group="lab",peer="h2k4"} 2.0"#))
        #expect(lines.contains(#"murmur_weight{group="lab",peer="h2k4"} 0.5"#))
        #expect(lines.contains("# TYPE murmur_sent_bytes_total counter"))
        // What is not known is left out.
        #expect(!lines.contains { $0.contains("murmur_test_accuracy") })
        for line in lines where !line.hasPrefix("#") {
            #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil)
        }
    }

    @Test func itIsFoundInTheFolderOfARun() throws {
        try withTemporaryFolder { folder in
            #expect(StatusRecord.text(inRun: folder) == nil)
            try status.json.text.write(
                toFile: "\(folder)/\(StatusRecord.fileName)", atomically: true, encoding: .utf8)
            #expect(StatusRecord.text(inRun: folder) == status.json.text)
        }
    }
}
