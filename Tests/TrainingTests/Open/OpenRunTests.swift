import Datasets
import Foundation
import Gossip
import Graphs
import Records
import Runs
import Runtime
import Synchronization
import TestKit
import Testing
import Vectors

@testable import Experiments
@testable import Training

/// Runs on an open network of one or two peers, each led by itself.
@Suite struct OpenRunTests {
    private static let quadratic = [
        "transport.name=tls", "model.name=quadratic", "model.targets=[[4, 4]]", "model.noise=0.1", "optimizer.name=sgd",
        "optimizer.learning_rate=0.1", "algorithm.probability=0.5",
    ]

    private static func plan(_ overrides: [String], _ terms: LinkTerms) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: quadratic + overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil), terms: terms)
    }

    private static func links(
        _ network: TestLinks, _ plan: TrainingPlan, _ terms: LinkTerms, patienceSeconds: Double? = nil, now: Int64 = 0
    ) throws -> OpenLinks {
        OpenLinks(network, terms, try plan.linkRun, patienceSeconds: patienceSeconds, unixSeconds: { now })
    }

    @Test func aFounderTrainsAloneAndKeepsItsWeight() throws {
        let terms = LinkTerms(key: 7)
        let plan = try Self.plan(["steps=100"], terms)
        let kept = Mutex<[StatusRecord]>([])
        let run = try TrainingRun(
            plan, metrics: nil, links: Self.links(.alone(), plan, terms),
            keepStatus: { status in
                kept.withLock { $0.append(status) }
            })
        let outcome = try run.run()
        #expect(outcome.ending == .completed && outcome.summary.weightMass == 1)
        #expect(outcome.summary.samplesSeen == 100 && outcome.summary.messagesByPair == nil)
        let last = try #require(kept.withLock { $0.last })
        #expect(last.group == "lab" && last.members.map(\.peer) == ["a"] && last.mass == 1)
    }

    /// Both do their steps; whoever ends first gives all to the other one.
    @Test func aJoinerGetsAShareAndTheWholeStays() throws {
        let (a, b) = TestLinks.pair()
        let terms = [LinkTerms(key: 1, waitCount: 1), LinkTerms(key: 2, isFounder: false)]
        let outcomes = Mutex<[Int: TrainingOutcome]>([:])
        let remarks = Mutex<[String]>([])
        // Whoever ends first may still take in what the other one sent in its first steps: all begin at the optimum.
        let plans = try [400, 100].enumerated().map {
            try Self.plan(["steps=\($0.element)", "model.start=[[4, 4]]"], terms[$0.offset])
        }
        let links = try [Self.links(a, plans[0], terms[0]), Self.links(b, plans[1], terms[1])]
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            let outcome = try? TrainingRun(
                plans[index], metrics: nil, links: links[index],
                remark: { sentence in remarks.withLock { $0.append(sentence) } }
            ).run()
            outcomes.withLock { $0[index] = outcome }
        }
        let done = outcomes.withLock { $0 }
        #expect(done.count == 2 && done.values.allSatisfy { $0.ending == .completed })
        let mass = done.values.compactMap(\.summary.weightMass).reduce(0, +)
        #expect(abs(mass - 1) < 1e-12)
        #expect(done.values.allSatisfy { $0.summary.messagesSent > 0 })
        for outcome in done.values {
            let model = try #require(outcome.summary.models?.first)
            #expect(model.allSatisfy { abs($0 - 4) < 0.5 })
        }
        let said = remarks.withLock { $0 }
        #expect(said.contains { $0.hasPrefix("first link after 0.2 s, with b; 2 peers; experiment ") })
        #expect(said.contains { $0.hasPrefix("joined through a in 0.2 s; 2 peers; experiment ") })
        #expect(said.contains { $0.hasPrefix("model of 8 bytes in ") })
    }

    /// A founder that waits for another one begins though that one came and went between two of its looks.
    @Test func whoCameAndWentWasThere() throws {
        let (a, b) = TestLinks.pair()
        let terms = LinkTerms(key: 1, waitCount: 1)
        let plan = try Self.plan(["steps=10"], terms)
        let links = try Self.links(a, plan, terms)
        let (wanted, up) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        b.begin(
            LinkArrivals(
                inbound: { inbound in
                    switch inbound {
                    case .greetingWanted: wanted.signal()
                    case .linkUp: up.signal()
                    default: break
                    }
                }, notice: { _ in }))
        let ending = Mutex<RunEnding?>(nil)
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            guard index == 0 else {
                let outcome = try? TrainingRun(plan, metrics: nil, links: links).run()
                return ending.withLock { $0 = outcome?.ending }
            }
            wanted.wait()
            b.greet(
                1, connection: 1, with: LinkSession.Greeting(number: 0, handled: 0, formerNumber: 0, formerHandled: 0))
            up.wait()
            b.end(isFinished: true)
        }
        #expect(ending.withLock { $0 } == .completed)
    }

    @Test func aSignalMakesItLeave() throws {
        let terms = LinkTerms(key: 7)
        let plan = try Self.plan(["steps=1000000000"], terms)
        let run = try TrainingRun(plan, metrics: nil, links: Self.links(.alone(), plan, terms), stopSignal: { 15 })
        #expect(try run.run().ending == .stopped)
    }

    @Test func theEndOfTheTimeMakesItLeave() throws {
        let terms = LinkTerms(key: 7, endsAt: 50)
        let plan = try Self.plan(["steps=1000000000"], terms)
        let links = try Self.links(.alone(), plan, terms, now: 50)
        #expect(try TrainingRun(plan, metrics: nil, links: links).run().ending == .stopped)
        #expect(links.failure == nil)
    }

    @Test func aJoinerGivesUpWhenNobodyAnswers() throws {
        let terms = LinkTerms(key: 7, isFounder: false)
        let plan = try Self.plan(["steps=10"], terms)
        let links = try Self.links(.alone(), plan, terms, patienceSeconds: 0.01)
        let outcome = try TrainingRun(plan, metrics: nil, links: links).run()
        #expect(outcome.ending == .stopped && outcome.summary.samplesSeen == 0)
        #expect(links.failure?.kind == .unreachable)
    }

    @Test func aRefusalEndsAJoinerAndNoFounder() throws {
        for isFounder in [false, true] {
            let terms = LinkTerms(key: 7, isFounder: isFounder)
            let plan = try Self.plan(["steps=10"], terms)
            let network = TestLinks.alone()
            let links = try Self.links(network, plan, terms)
            let refusal = LinkError(.refused, "b does not let this peer in", remedy: "ask it")
            let hasTold = Atomic(false)
            let run = try TrainingRun(
                plan, metrics: nil, links: links,
                stopSignal: {
                    let isFirst = !hasTold.exchange(true, ordering: .relaxed)
                    if isFirst { network.tell(.refused(refusal)) }
                    return nil
                })
            let outcome = try run.run()
            #expect(outcome.ending == (isFounder ? .completed : .stopped))
            #expect(links.failure == (isFounder ? nil : refusal))
        }
    }

    /// Whom the group lets in no more waits for nobody to have what it gives away: nobody takes it.
    @Test func whoIsShutOutDoesNotWait() throws {
        let terms = LinkTerms(key: 7)
        let network = TestLinks.alone()
        let links = try Self.links(network, Self.plan([], terms), terms)
        links.begin(Waker { _ in }, Traffic(), RunClock()) {}
        #expect(!links.mustLeave && !links.isOverdue)
        network.tell(.ended(LinkError(.refused, "the group does not let this peer in any more", remedy: "ask it")))
        #expect(links.mustLeave && !links.isOverdue)
        links.noteEnding()
        #expect(links.isOverdue)
        // Anybody else waits for a while.
        let other = try Self.links(.alone(), Self.plan([], terms), terms)
        other.begin(Waker { _ in }, Traffic(), RunClock()) {}
        other.noteEnding()
        #expect(!other.isOverdue)
    }

    /// Of two who leave at once one may still wait for word of what it gave the other, who has gone.
    @Test func whoIsLeftAloneDoesNotWait() throws {
        let terms = LinkTerms(key: 7)
        let links = try Self.links(.alone(), Self.plan([], terms), terms)
        links.begin(Waker { _ in }, Traffic(), RunClock()) {}
        var status = LinkStatus(group: "lab", peer: "a")
        status.members = ["a", "b"].map { LinkStatus.Member(peer: $0, standing: "alive", addresses: []) }
        links.note(status, at: .zero)
        links.noteEnding()
        #expect(!links.isOverdue(at: Time(seconds: 14)))
        status.members.removeLast()
        links.note(status, at: Time(seconds: 5))
        links.note(status, at: Time(seconds: 5.9))
        #expect(!links.isOverdue(at: Time(seconds: 5.9)) && links.isOverdue(at: Time(seconds: 6.1)))
        // A link that is there after all may take what comes back.
        status.links = [LinkStatus.Link(place: 1, peer: "b", address: "here", isDialed: true)]
        links.note(status, at: Time(seconds: 6.5))
        #expect(!links.isOverdue(at: Time(seconds: 14)) && links.isOverdue(at: Time(seconds: 16)))
    }

    @Test(arguments: [(8, "8 bytes"), (45_200, "45.2 kB"), (1_740_000, "1.7 MB")])
    func sizesAreInUnitsThatFit(byteCount: Int, text: String) { #expect(OpenLinks.size(byteCount) == text) }

    @Test func whatIsNoNumberIsGivenToNobody() throws {
        let (a, b) = TestLinks.pair()
        let terms = LinkTerms(key: 1)
        let plan = try Self.plan(["steps=100000", "optimizer.learning_rate=1e30"], terms)
        let heard = Mutex(0)
        b.begin(
            LinkArrivals(
                inbound: { inbound in
                    if case .frame(let frame) = inbound, frame.payload?.array().contains(where: \.isNaN) == true {
                        heard.withLock { $0 += 1 }
                    }
                }, notice: { _ in }))
        let outcome = try TrainingRun(plan, metrics: nil, links: Self.links(a, plan, terms)).run()
        guard case .diverged = outcome.ending else {
            Issue.record("it ended as \(outcome.ending)")
            return
        }
        #expect(heard.withLock { $0 } == 0)
    }
}
