import Configuration
import Runtime
import Testing

@testable import ProcessesTransport

@Suite struct ProcessesTransportTests {
    private let whole = ["MURMUR_RANK": "2", "MURMUR_RANKS": "4", "MURMUR_RENDEZVOUS": "/tmp/here"]

    @Test func theEnvironmentTellsThePlace() throws {
        #expect(try ProcessPlace(environment: whole) == ProcessPlace(rank: 2, of: 4, in: "/tmp/here"))
    }

    @Test func whatTheEnvironmentLacksIsNamed() {
        func failure(_ changes: [String: String?]) -> ProcessesError? {
            do {
                _ = try ProcessPlace(environment: whole.merging(changes.compactMapValues(\.self)) { $1 })
            } catch {
                return error
            }
            return nil
        }
        #expect(throws: ProcessesError.notLaunched) { _ = try ProcessPlace(environment: [:]) }
        #expect(failure(["MURMUR_RANK": "4"])?.finding == "MURMUR_RANK is '4', not a whole number from 0 to 3")
        #expect(failure(["MURMUR_RANK": "-1"])?.finding.hasPrefix("MURMUR_RANK is '-1'") == true)
        #expect(failure(["MURMUR_RANKS": "many"])?.finding.hasPrefix("MURMUR_RANKS is 'many'") == true)
        #expect(failure(["MURMUR_RANKS": "0"])?.finding.hasPrefix("MURMUR_RANKS is '0'") == true)
        #expect(
            failure(["MURMUR_RENDEZVOUS": ""])?.finding
                == "MURMUR_RENDEZVOUS is not set, where a folder in which the processes meet is expected")
    }

    @Test func aHandshakeIsReadAsItWasWritten() {
        let handshake = ProcessHandshake(rank: 70_000, of: 80_000, answer: .refused)
        #expect(handshake.encoded.count == ProcessHandshake.byteCount)
        #expect(ProcessHandshake(encoded: handshake.encoded) == handshake)
        for place in [0, 3, 7] {
            var bytes = handshake.encoded
            bytes[place] ^= 0x40
            #expect(ProcessHandshake(encoded: bytes) == nil)
        }
        #expect(ProcessHandshake(encoded: []) == nil)
    }

    @Test func theLaunchIsKnownByItsVariables() {
        let transport = ProcessesTransport()
        #expect(transport.launch(environment: [:]) == nil)
        #expect(transport.launch(environment: ["MURMUR_RENDEZVOUS": "/tmp"]) == nil)
        let launch = transport.launch(environment: whole)
        #expect(launch?.count == 4 && launch?.rank == 2)
        #expect(transport.launch(environment: ["MURMUR_RANK": "x"]) == ProcessLaunch(graceSeconds: 10))
    }

    @Test func everyMachineHasLocalSockets() throws {
        #expect(try ProcessesTransport().examine().hasPrefix("local sockets; "))
    }

    @Test func oneMissingRankIsOne() {
        let error = ProcessesError.missing([2], of: 3, seconds: 0.5, folder: "here")
        #expect(error.finding == "rank 2 of 3 has not come to here within 0.5 s")
    }
}
