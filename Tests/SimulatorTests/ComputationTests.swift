import Gossip
import Runtime
import TestKit
import Testing
import Vectors

@testable import Simulator

@Suite struct ComputationTests {
    private func computation(noise: Double = 0.5) -> Computation {
        Computation(QuadraticLearner(target: [3, 4], noise: noise), pool: PayloadPool(), count: 2)
    }

    private func loss(_ inbound: Inbound) -> Float? {
        if case .gradientReady(let report) = inbound { report.loss } else { nil }
    }

    @Test func computedAheadItIsTheSame() {
        let (early, late) = (computation(), computation())
        for number in 0..<5 {
            let model = Payload([Float(number), 1])
            early.ask(.gradient(at: model, scale: 0.5), reusing: nil)
            late.ask(.gradient(at: model, scale: 0.5), reusing: nil)
            #expect(early.computeAhead())
            #expect(!early.computeAhead())
            let (first, second) = (early.take(), late.take())
            #expect(first.isAhead && !second.isAhead)
            #expect(loss(first.result) == loss(second.result))
            #expect(early.takeGradient().array() == late.takeGradient().array())
            #expect(!early.isUnderWay && !early.computeAhead())
        }
    }

    /// The model is let go as soon as it has served.
    @Test func noModelIsHeldThatHasServed() {
        let work = computation()
        var model: Payload? = Payload([1, 1])
        weak let held = model
        if let model { work.ask(.gradient(at: model, scale: 1), reusing: nil) }
        model = nil
        #expect(held != nil)
        #expect(work.computeAhead())
        #expect(held == nil && work.isUnderWay)
    }

    /// What is saved does not depend on who had come how far.
    @Test(arguments: [false, true]) func itIsSavedWithWhatItHasComputed(isAhead: Bool) throws {
        let (saved, plain) = (computation(), computation())
        for work in [saved, plain] { work.ask(.gradient(at: Payload([1, 1]), scale: 1), reusing: nil) }
        if isAhead { #expect(saved.computeAhead()) }
        let state = saved.saved()
        #expect(saved.take().isAhead == isAhead)
        let restored = computation()
        restored.ask(.gradient(at: Payload([9, 9]), scale: 1), reusing: nil)
        try restored.restore(state)
        #expect(restored.isUnderWay)
        #expect(loss(restored.take().result) == loss(plain.take().result))
        #expect(restored.takeGradient().array() == plain.takeGradient().array())
        // The next one follows from where the learner stood.
        for work in [restored, plain] { work.ask(.gradient(at: Payload([2, 2]), scale: 1), reusing: nil) }
        #expect(loss(restored.take().result) == loss(plain.take().result))
        #expect(restored.takeGradient().array() == plain.takeGradient().array())
    }

    @Test func whatIsGivenUpIsGone() {
        let work = computation()
        #expect(!work.abandon())
        work.ask(.gradient(at: Payload([1, 1]), scale: 1), reusing: nil)
        #expect(!work.abandon())
        #expect(!work.isUnderWay && !work.computeAhead())
        work.ask(.gradient(at: Payload([1, 1]), scale: 1), reusing: nil)
        #expect(work.computeAhead() && work.abandon())
        #expect(!work.isUnderWay)
    }
}
