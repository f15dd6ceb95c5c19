import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Training

@Suite struct GateTests {
    /// Ten threads go in and out while the gate is closed again and again: nobody is ever inside a closed gate.
    @Test func nobodyIsInsideAClosedGate() {
        let gate = Gate()
        let inside = Atomic(0)
        let ended = DispatchSemaphore(value: 0)
        for _ in 0..<10 {
            Thread.detachNewThread {
                for _ in 0..<2000 {
                    gate.enter()
                    inside.add(1, ordering: .sequentiallyConsistent)
                    inside.subtract(1, ordering: .sequentiallyConsistent)
                    gate.leave()
                }
                ended.signal()
            }
        }
        for _ in 0..<500 {
            gate.close()
            #expect(inside.load(ordering: .sequentiallyConsistent) == 0)
            gate.open()
        }
        for _ in 0..<10 { ended.wait() }
    }
}
