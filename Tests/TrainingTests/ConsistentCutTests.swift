import Testing

@testable import Training

@Suite struct ConsistentCutTests {
    @Test func lockStepPeersGoOnToTheStepTheOthersRestAtOnce() {
        let together = ConsistentCut(isLockStep: true)
        let alone = ConsistentCut(isLockStep: false)
        #expect(!together.holds(9) && !alone.holds(9))
        for cut in [together, alone] { cut.request(after: 5) }
        #expect(!together.holds(4) && together.holds(5) && together.holds(6))
        #expect(alone.holds(0))
    }

    @Test func aSlowerPeerAsksForNoSecondCut() {
        let cut = ConsistentCut(isLockStep: false, after: 3)
        cut.request(after: 3)
        #expect(!cut.isRequested)
        cut.request(after: 5)
        #expect(cut.isRequested)
        cut.release()
        cut.request(after: 5)
        #expect(!cut.isRequested)
        cut.request(after: 6)
        #expect(cut.isRequested)
    }

    @Test func aClosedCutHoldsNobody() {
        let cut = ConsistentCut(isLockStep: false)
        cut.request(after: 1)
        cut.close()
        #expect(!cut.holds(1))
        cut.request(after: 2)
        #expect(!cut.isRequested)
    }
}
