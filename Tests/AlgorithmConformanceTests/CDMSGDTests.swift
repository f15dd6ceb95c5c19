import Configuration
import Gossip
import Simulator
import Testing

@Suite struct CDMSGDTests {
    /// On a directed ring the momentum of a consensus turns models round each other, farther apart in every round.
    @Test(arguments: ["cdmsgd", "qg-dsgdm", "decentlam"]) func oneWayEdgesAreRefused(algorithm: String) throws {
        var run = QuadraticRun()
        run.algorithm = algorithm
        run.topology = "directed-ring"
        let error = try #require(throws: ConfigurationError.self) { try run.run(targets: [[0], [1], [2], [3]]) }
        #expect(error.message.contains("\(algorithm) needs a symmetric mixing matrix"))
        // Two peers are each other's neighbours.
        #expect(throws: Never.self) { try run.run(targets: [[0], [1]]) }
    }
}
