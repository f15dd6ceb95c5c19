import Experiments
import Records
import Testing
import Training

@testable import murmur

@Suite struct ResultTableTests {
    @Test func showsModelsAndFacts() {
        var summary = Summary(Experiment())
        summary.peers = 2
        summary.testAccuracy.consensus = 0.90125
        summary.testLoss = 0.2731
        summary.samplesSeen = 480_000
        summary.trainSeconds = 61.25
        summary.wallSeconds = 75
        summary.samplesPerSecond = 7836.7
        summary.messagesSent = 1
        summary.bytesSent = 5_300_000_000
        summary.consensusDistance = 0.125
        summary.weightMass = 1.0000000000000002
        summary.timeToTargetSeconds = 12
        let rows = [("peer 0", 0.89, 0.3), ("peer 1", 0.9, Double.nan)]
        #expect(
            resultTable(summary, models: rows, folder: "runs/a") == """
                model      test accuracy  test loss
                consensus         0.9012     0.2731
                peer 0            0.8900     0.3000
                peer 1            0.9000        nan

                run        gosgd, cnn on fashion-mnist, 2 peers, seed 1
                training   61.2 s for 480000 samples (7837 a second), 75.0 s in all
                talking    1 message, 5.3 GB
                consensus  distance 0.1250, weight mass 1
                target     reached after 12.0 s of training
                records    runs/a

                """)
    }

    @Test func saysNothingOfWhatThereIsNot() {
        let text = resultTable(Summary(Experiment()), models: [], folder: "x")
        #expect(text.hasPrefix("model      test accuracy  test loss\nconsensus              -          -\n"))
        #expect(!text.contains("target"))
        #expect(!text.contains("weight mass"))
    }

    @Test func bytesHaveAUnit() {
        #expect(
            [0, 999, 1000, 1_500_000, 25_000_000_000, 3_000_000_000_000].map(bytes) == [
                "0 bytes", "999 bytes", "1.0 kB", "1.5 MB", "25.0 GB", "3.0 TB",
            ])
    }
}
