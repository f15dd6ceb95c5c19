import Experiments
import Foundation
import Records
import Testing
import Training

@Suite struct SummaryTests {
    @Test func hasTheKeysOfTheContract() throws {
        var summary = Summary(try load("peers: 3").experiment)
        summary.testLoss = .nan
        let bytes = Data(summary.text().utf8)
        let object = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let keys = """
            algorithm peers model data seed samples_seen train_seconds wall_seconds samples_per_second test_accuracy
            test_loss consensus_distance messages_sent bytes_sent weight_mass time_to_target_seconds gradient_seconds
            communication_seconds waiting_seconds peak_memory_bytes version evaluated update_seconds ending
            """
        #expect(Set(object.keys) == Set(keys.split(whereSeparator: \.isWhitespace).map(String.init)))
        #expect(Set((object["test_accuracy"] as? [String: Any] ?? [:]).keys) == ["consensus", "mean", "min", "max"])
        #expect(object["test_loss"] is NSNull)
        #expect(object["peers"] as? Int == 3)
    }

    @Test func keysAreSorted() throws {
        let text = Summary(try load("").experiment).text()
        #expect(text.hasPrefix(#"{"algorithm":"gosgd","bytes_sent":0,"communication_seconds":"#))
    }

    @Test func readsBackAsWritten() throws {
        var summary = Summary(try load("").experiment)
        summary.testAccuracy = Summary.Spread(consensus: 0.9, mean: 0.8, min: 0.7, max: 0.85)
        summary.weightMass = 1
        summary.models = [[1, 2.5], [3, 4]]
        summary.loss = 0.125
        summary.ending = .targetReached
        summary.trainSeconds = 12.5
        summary.messagesByPair = [[0, 2], [1, 0]]
        summary.bytesByPair = [[0, 80], [40, 0]]
        summary.perPeer = [
            PeerSummary(
                peer: 0, steps: 3, samples: 24, messagesSent: 2, bytesSent: 80, trainSeconds: 12, gradientSeconds: 9,
                updateSeconds: 1, communicationSeconds: 0.5, waitingSeconds: 2, accuracy: 0.8, loss: nil)
        ]
        #expect(try Summary(text: summary.text(indented: true)) == summary)
    }
}
