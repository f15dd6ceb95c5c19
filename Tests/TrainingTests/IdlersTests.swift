import Synchronization
import Testing

@testable import Training

@Suite struct IdlersTests {
    @Test func theFirstAndTheLastAreTold() {
        let told = Mutex<[Bool]>([])
        let idlers = Idlers { areThere in told.withLock { $0.append(areThere) } }
        idlers.begin()
        for _ in 0..<3 { idlers.enter() }
        for _ in 0..<2 { idlers.leave() }
        idlers.enter()
        for _ in 0..<2 { idlers.leave() }
        #expect(told.withLock { $0 } == [false, true, false])
    }
}
