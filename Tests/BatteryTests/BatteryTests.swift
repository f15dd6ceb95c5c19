import Conditions
import Configuration
import Foundation
import Gossip
import SimulatedTraining
import Testing

/// Five hundred worlds an algorithm, more for its variants, and nothing to complain of.
@Suite struct BatteryTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// Other seeds than the first can be tried: `MURMUR_BATTERY_FIRST=500 script/test --filter BatteryTests`.
    private static let firstSeed = environment["MURMUR_BATTERY_FIRST"].flatMap { UInt64($0) } ?? 0
    /// Worlds of every row; by default a variant of an algorithm that has worlds of its own is given fewer, but for the
    /// one that lives in a network of another kind.
    private static let seeds = environment["MURMUR_BATTERY_SEEDS"].flatMap { UInt64($0) }
    /// Seeds in one test case, so that cases run beside each other.
    private static let share: UInt64 = 50

    /// The rows, and for each the first seed of every share.
    private static let shares = Battery.rows.flatMap { row in
        let seeds = seeds ?? (row.contains("+") && !row.hasSuffix("+open") ? 150 : 500)
        return stride(from: firstSeed, to: firstSeed + seeds, by: Int(share)).map { (row, $0) }
    }

    @Test(arguments: shares) func standsAllFaultsThatItPromisesTo(algorithm: String, first: UInt64) throws {
        for seed in first..<(first + Self.share) {
            let battery = try Battery.case(algorithm, seed: seed)
            let outcome = try Battery.run(battery)
            for complaint in outcome.complaints {
                Issue.record("\(battery): \(complaint)\n    \(battery.command)")
            }
        }
    }

    /// The same with networks and machines at the ends of what there may be: no promise breaks, everybody makes its
    /// steps, and a run made twice is the same to the bit.
    @Test(arguments: Battery.rows) func standsWildWorlds(algorithm: String) throws {
        for seed in UInt64(0)..<12 {
            let battery = try Battery.case(algorithm, seed: seed, isWild: true)
            for complaint in try Battery.run(battery).complaints {
                Issue.record("\(battery): \(complaint)\n    \(battery.command)")
            }
        }
    }

    /// Seeds in which a worker lagged so far behind, by lost frames, that the server ended near its minimum.
    @Test(arguments: [3823, 4587, 5483, 5918, 7193, 8789, 12546, 1_795_961_242_027] as [UInt64])
    func downpourMayEndNearThatWhichLags(seed: UInt64) throws {
        let outcome = try Battery.run(Battery.case("downpour", seed: seed))
        #expect(outcome.complaints.isEmpty)
    }

    @Test func everyRowHasANameOfItsOwn() { #expect(Set(Battery.rows).count == Battery.rows.count) }

    /// The first seeds meet one peer, small odd numbers of them, and none that is a power of two alone.
    @Test func theSmallOddOnesComeFirst() throws {
        let counts = try (0..<6).map { try Battery.case("gosgd", seed: $0).peerCount }
        #expect(Set(counts) == [1, 2, 3, 4, 5, 6])
    }

    /// A case is a function of its seed, and its command holds all of it.
    @Test(arguments: Battery.rows) func aCaseIsItsSettings(algorithm: String) throws {
        let battery = try Battery.case(algorithm, seed: 17)
        let again = try Battery.case(algorithm, seed: 17)
        #expect(battery.overrides == again.overrides)
        #expect(battery.command.hasPrefix("murmur simulate 'algorithm.name=\(battery.algorithm)' "))
        for setting in battery.overrides { #expect(battery.command.contains("'\(setting)'")) }
    }

    /// Together the seeds draw every kind of fault that the algorithm lives through.
    @Test(arguments: ["gosgd", "dpsgd", "allreduce"]) func allKindsOfFaultsAreDrawn(algorithm: String) throws {
        var kinds: Set<String> = []
        for seed in UInt64(0)..<60 {
            kinds.formUnion(try Battery.case(algorithm, seed: seed).faultKinds)
        }
        let faultTolerance = Algorithms.traits(algorithm).faultTolerance
        let covered = Fault.Kind.allCases.filter { !$0.faultTolerance.isDisjoint(with: faultTolerance) }
        #expect(kinds == Set(covered.map(\.rawValue)))
    }
}
