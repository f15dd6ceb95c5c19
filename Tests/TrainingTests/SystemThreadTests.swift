import Dispatch
import Testing

@testable import Threads

@Suite struct SystemThreadTests {
    @Test func whatIsAskedForIsDone() throws {
        let done = DispatchSemaphore(value: 0)
        try SystemThread.start("test", stackBytes: 1 << 20) { done.signal() }
        done.wait()
    }

    /// No machine has an exabyte for a stack: it is said at once, and nobody waits.
    @Test func aThreadThatIsNotToBeHadIsToldAtOnce() throws {
        let error = try #require(throws: ThreadShortage.self) {
            try SystemThread.start("test", stackBytes: 1 << 60) { Issue.record("it runs all the same") }
        }
        #expect(error.description.hasPrefix("the system gives this process no thread ("))
        #expect(!error.isOfPeers)
    }

    @Test func theNumberOfPeersIsNamedWhereItIsTheReason() {
        let many = ThreadShortage(peers: 5000, made: 3000, reason: "out of memory")
        #expect(many.isOfPeers && many.description.contains("threads for 3000 of 5000 peers, two each (out of memory)"))
        #expect(!ThreadShortage(peers: 4, made: 0, reason: "").isOfPeers)
    }
}
