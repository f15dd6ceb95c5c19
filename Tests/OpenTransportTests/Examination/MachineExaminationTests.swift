import Runtime
import Testing

@testable import OpenTransport

@Suite struct MachineExaminationTests {
    private func port(_ listen: Seed, isAtWork: Bool = false) throws -> LinkFinding {
        try #require(MachineExamination(listen: listen, isAtWork: isAtWork).findings.first)
    }

    @Test func aPortIsFreeOrInUse() throws {
        let any = try #require(Seed(listening: "127.0.0.1:0"))
        let (socket, number) = try Socket.listening(at: any.host, port: any.port)
        let taken = try port(any.withPort(number))
        #expect(taken.name == "port \(number)" && taken.state == "in use by another process")
        #expect(taken.remedy?.contains("transport.listen") == true)
        #expect(try port(any.withPort(number), isAtWork: true).remedy == nil)
        withExtendedLifetime(socket) {}
        let free = try port(any)
        #expect(free.state.hasPrefix("free, over ") && free.state.contains("IPv4") && free.remedy == nil)
    }

    @Test func anAddressOfAnotherMachineIsTold() throws {
        let listen = try #require(Seed(listening: "192.0.2.1:0"))
        let elsewhere = try port(listen)
        #expect(elsewhere.state.hasPrefix("cannot be listened at (") && elsewhere.remedy != nil)
    }

    @Test func addressesAreWithoutPorts() throws {
        let listen = try #require(Seed(listening: "127.0.0.1:0"))
        let finding = try #require(MachineExamination(listen: listen, isAtWork: false).findings.last)
        #expect(finding.name == "addresses" && !finding.state.contains(":0,"))
        #expect((finding.remedy == nil) == !finding.state.hasPrefix("none"))
    }

    @Test func aClockThatNobodyKeepsIsTold() {
        #expect(
            MachineExamination.clock(isKept: true, now: SmallGroup.now)
                == LinkFinding("clock", "2026-01-01T00:00:00Z, kept by a time service"))
        #expect(MachineExamination.clock(isKept: false, now: SmallGroup.now).remedy?.contains("timesyncd") == true)
    }
}
