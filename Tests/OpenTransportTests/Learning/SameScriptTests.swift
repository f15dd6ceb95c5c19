import Conditions
import Configuration
import Gossip
import Graphs
import Runtime
import Simulator
import TestKit
import Testing
import Vectors

@testable import OpenTransport

/// What goes wrong, one thing after the other, to six peers of which the last is not there at first.
private enum Mishap {
    /// All connections of two peers break, and others may come about.
    case breaking(Int, Int)
    /// The two groups of peers hear nothing of each other until the next mishap.
    case partition(Set<Int>)
    case healing
    case joining(Int)
    case leaving(Int)
    case killing(Int)

    static let script: [Mishap] = [
        .breaking(1, 2), .partition([0, 1]), .healing, .joining(5), .leaving(4), .breaking(0, 5), .killing(3),
    ]
}

/// How it ended.
private struct Outcome: Equatable {
    let present: [Int]
    /// Whether who has left holds nothing.
    let leavesAll: Bool
    /// What the living hold and what is lost, less what a doubt has doubled, is the whole.
    let keepsWhole: Bool
    /// Whether every message was delivered or came back, once.
    let settlesMessages: Bool
    let isAtOptimum: Bool

    static let wanted = Outcome(
        present: [0, 1, 2, 5], leavesAll: true, keepsWhole: true, settlesMessages: true, isAtOptimum: true)
}

/// The same script of faults on two hosts of the same algorithm: virtual time, and real engines with TLS.
@Suite(.serialized) struct SameScriptTests {
    private static let count = 6
    private static let target: [Float] = [3, 4]

    private static func algorithm(_ peer: Int, steps: UInt64) throws -> GoSGD {
        let setup = try Setup(
            me: 0, peers: 1, seed: 1, graph: try Graph("complete", peers: 1), samples: 1, stepsPerEpoch: 1, steps: steps
        ).open(key: UInt64(peer), isFounder: peer == 0)
        return try GoSGD(setup, options: Options(["probability": .number(0.5)]))
    }

    private static func isAtOptimum(_ models: [[Float]]) -> Bool {
        models.allSatisfy { model in zip(model, target).allSatisfy { abs($0 - $1) < 0.01 } }
    }

    // MARK: Virtual time

    /// Half a second apart; links that break are down for 100 ms.
    private static func faults() throws -> FaultList {
        func moment(_ place: Int) -> Time { Time(seconds: 0.5 * Double(place + 1)) }
        var faults: [Fault] = []
        for (place, mishap) in Mishap.script.enumerated() {
            let now = moment(place)
            switch mishap {
            case .breaking(let a, let b):
                for (from, to) in [(a, b), (b, a)] {
                    faults.append(
                        .cut(from: PeerID(from), to: PeerID(to), TimeWindow(from: now, until: now + 0.1)))
                }
            case .partition(let group):
                faults.append(
                    .partition([group.sorted().map { PeerID($0) }], TimeWindow(from: now, until: moment(place + 1))))
            case .healing: break
            case .joining(let peer): faults.append(.join(PeerID(peer), at: now))
            case .leaving(let peer): faults.append(.leave(PeerID(peer), at: now))
            case .killing(let peer): faults.append(.crash(PeerID(peer), TimeWindow(from: now), isTorn: false))
            }
        }
        return try FaultList(faults, learners: count)
    }

    private func simulated(seed: UInt64) throws -> Outcome {
        var settings = SimulationSettings(
            network: NetworkSettings(latency: .constant(0.005), detectionSeconds: 0.03),
            machines: MachineSettings(compute: ComputeTime(.constant(seconds: 0.01))), faults: try Self.faults(),
            seed: seed)
        settings.open = Simulator.OpenSettings(
            graph: try Graph("complete", peers: Self.count), doubtSeconds: 600, founder: 0)
        let world = Simulation(peers: Self.count, settings)
        for peer in 0..<Self.count {
            world.add(
                try Self.algorithm(peer, steps: 500), model: FlatVector([Float](repeating: 0, count: 2)),
                learner: QuadraticLearner(target: Self.target), localOptimizer: PlainOptimizer(rate: 0.1))
        }
        world.start()
        world.run(until: Time(nanoseconds: .max))
        func held(_ peer: Int) -> Double { world.algorithm(of: PeerID(peer)).invariants[0].held }
        let present = (0..<Self.count).filter { world.isAlive(PeerID($0)) }
        let whole = present.map(held).reduce(0, +) + world.lostMass - world.madeMass
        return Outcome(
            present: present, leavesAll: held(4) == 0, keepsWhole: abs(whole - 1) < 1e-9,
            settlesMessages: world.violations == [] && world.undeliveredCount == 0,
            isAtOptimum: Self.isAtOptimum(present.map { world.values(of: .model, peer: PeerID($0)) }))
    }

    // MARK: Engines

    /// Peers by number, those who are there.
    private struct Group {
        let small = SmallGroup()
        let clock = TestClock(speed: 3)
        private(set) var peers: [Int: LearningPeer] = [:]
        private(set) var present: Set<Int> = []

        mutating func join(_ number: Int) throws {
            // All come from one address.
            var limits = EngineLimits()
            limits.handshakesOfNetwork = limits.handshakes
            peers[number] = try LearningPeer(
                small.identity(20 + UInt8(number)), isFounder: number == 0, target: SameScriptTests.target,
                seeds: present.sorted().prefix(2).compactMap { peers[$0]?.port }, clock: clock, limits: limits
            ) { $0.neighbours = 9 }
            present.insert(number)
        }

        mutating func remove(_ number: Int) { present.remove(number) }

        func ids(_ numbers: Set<Int>) -> Set<KeyID> { Set(numbers.compactMap { peers[$0]?.id }) }

        /// Waits until each of these is linked to all others of them and nobody else, and makes steps.
        func areLinked(_ numbers: Set<Int>) -> Bool {
            numbers.allSatisfy { number in
                guard let peer = peers[number] else { return false }
                let others = ids(numbers.subtracting([number]))
                let steps = peer.steps
                return waits { peer.linked == others && peer.directory.isSuperset(of: others) }
                    && waits { peer.steps > steps }
            }
        }

        /// Has two groups hear nothing of each other.
        func part(_ group: Set<Int>) {
            let rest = present.subtracting(group)
            for number in group { peers[number]?.shun(ids(rest)) }
            for number in rest { peers[number]?.shun(ids(group)) }
        }

        func heal() {
            for number in present { peers[number]?.shun([]) }
        }
    }

    private func engines() throws -> Outcome {
        var group = Group()
        for number in 0..<(Self.count - 1) { try group.join(number) }
        let isWhole = group.areLinked(group.present)
        #expect(isWhole)
        for mishap in Mishap.script {
            switch mishap {
            case .breaking(let a, let b):
                for (from, to) in [(a, b), (b, a)] { group.peers[from]?.breakLinks(to: group.ids([to])) }
            case .partition(let part):
                group.part(part)
                let areParts = group.areLinked(part) && group.areLinked(group.present.subtracting(part))
                #expect(areParts, "\(mishap)")
                continue
            case .healing: group.heal()
            case .joining(let number): try group.join(number)
            case .leaving(let number):
                group.peers[number]?.leave()
                #expect(waits { group.peers[number]?.hasLeft == true })
                group.remove(number)
            case .killing(let number):
                group.peers[number]?.kill()
                group.remove(number)
            }
            let isWhole = group.areLinked(group.present)
            #expect(isWhole, "\(mishap)")
        }
        let living = group.present.sorted().compactMap { group.peers[$0] }
        #expect(waits { Self.isAtOptimum(living.map(\.model)) })
        for peer in living { peer.set(.resting) }
        // What the dead were sent has been in doubt for long enough.
        group.clock.advance(seconds: 601)
        #expect(waits { living.allSatisfy { $0.unacknowledgedCount == 0 } })
        let all = group.peers.values
        let books = MessageBooks(Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.log) }))
        let dead = all.filter { peer in !living.contains { $0 === peer } }
        let held = all.map(\.held).reduce(0, +)
        #expect(books.faults == [] && dead.count == 2)
        defer { for peer in living { peer.kill() } }
        return Outcome(
            present: group.present.sorted(), leavesAll: group.peers[4]?.held == 0,
            keepsWhole: abs(held + books.stranded - books.minted - 1) < 1e-9, settlesMessages: books.faults == [],
            isAtOptimum: Self.isAtOptimum(living.map(\.model)))
    }

    @Test func bothHostsComeToTheSameEnd() throws {
        for seed in UInt64(0)..<20 { #expect(try simulated(seed: seed) == .wanted, "seed \(seed)") }
        #expect(try engines() == .wanted)
    }
}
