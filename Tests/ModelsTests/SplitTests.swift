import Configuration
import Models
import Testing

@Suite struct SplitTests {
    @Test func partsAreEqualButForTheFirst() {
        #expect(Split.parts(of: 7, slots: 3) == [0..<3, 3..<5, 5..<7])
        #expect(Split.parts(of: 6, slots: 3) == [0..<2, 2..<4, 4..<6])
        #expect(Split.parts(of: 1, slots: 2) == [0..<1, 1..<1])
    }

    @Test func whoeverWouldHaveNothingToDoIsRefused() throws {
        let network = try ModelRegistry.network("cnn", inputShape: [1, 28, 28], classes: 10)
        try Split.rows.check(network, batch: 4, slots: 4)
        try Split.neurons.check(network, batch: 1, slots: 10)
        let rows = #expect(throws: ConfigurationError.self) { try Split.rows.check(network, batch: 4, slots: 5) }
        #expect(rows?.message.contains("the 5 peers of a stage are more than the 4 rows") == true)
        let neurons = #expect(throws: ConfigurationError.self) {
            try Split.neurons.check(network, batch: 64, slots: 11)
        }
        #expect(neurons?.message.contains("layer 9 (dense fc2) of model cnn has 10 neurons") == true)
        #expect(neurons?.key == "peers_per_stage")
    }
}
