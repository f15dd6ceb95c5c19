import Configuration
import Runtime
import Testing

@testable import Transports

@Suite struct TransportsTests {
    private let job = ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"]

    @Test func everyTransportHasANameOfItsOwnAndDeclaresItsOptions() {
        let descriptions = Transports.all.map(\.description)
        #expect(Set(descriptions.map(\.name)).count == descriptions.count)
        for option in descriptions.flatMap(\.options) {
            #expect(option.canonical(option.defaultValue) != nil, "the default of \(option.name)")
            #expect(!option.meaning.isEmpty)
        }
    }

    /// The one without is first: it is the default of an experiment.
    @Test func someJoinProcessesAndOneDoesNot() {
        #expect(Transports.all.first?.processes == nil)
        #expect(Transports.all.contains { $0.processes != nil })
        #expect(Transports.processes("threads") == nil)
        #expect(Transports.processes("smoke signals") == nil)
        #expect(Transports.processes("mpi")?.title == "MPI")
        #expect(Transports.processes("processes")?.title == "processes")
    }

    @Test func oneLeadsIntoAnOpenNetwork() {
        #expect(Transports.links("tls") != nil && Transports.processes("tls") == nil)
        #expect(Transports.links("threads") == nil && Transports.links("mpi") == nil)
    }

    @Test func whatHasStartedTheProcessIsFoundOut() throws {
        #expect(Transports.launched(environment: [:]) == nil)
        let launched = try #require(Transports.launched(environment: job))
        #expect(launched.name == "mpi")
        #expect(launched.launch.count == 4)
        #expect(!launched.launch.isFirst)
        #expect(launched.launch.hasOthers)
        let local = try #require(Transports.launched(environment: ["MURMUR_RANK": "0", "MURMUR_RANKS": "3"]))
        #expect(local.name == "processes" && local.launch.count == 3 && local.launch.isFirst)
    }

    /// Whoever knows nothing of others is the first, and alone.
    @Test func aProcessThatNobodyStartedIsAlone() {
        #expect(ProcessLaunch().isFirst)
        #expect(!ProcessLaunch().hasOthers)
        #expect(!ProcessLaunch(count: 1, rank: 0).hasOthers)
    }

    /// A key that the transport does not have is refused before anybody is joined.
    @Test func noOptionIsIgnored() throws {
        for entry in Transports.all {
            guard let transport = entry.processes else { continue }
            let error = #expect(throws: ConfigurationError.self) {
                _ = try transport.join(Options(["smoke": .boolean(true)]))
            }
            #expect(error?.key == "smoke")
        }
    }
}
