import Synchronization
import Testing

@testable import Training

@Suite struct WaitingCountTests {
    @Test func theFirstAndTheLastAreTold() {
        let told = Mutex<[Bool]>([])
        let waitingCount = WaitingCount { areThere in told.withLock { $0.append(areThere) } }
        waitingCount.begin()
        for _ in 0..<3 { waitingCount.enter() }
        for _ in 0..<2 { waitingCount.leave() }
        waitingCount.enter()
        for _ in 0..<2 { waitingCount.leave() }
        #expect(told.withLock { $0 } == [false, true, false])
    }
}
