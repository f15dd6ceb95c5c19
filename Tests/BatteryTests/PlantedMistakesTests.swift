import Gossip
import SimulatedTraining
import Testing

/// The battery finds mistakes: each of these is planted around an algorithm that has none, and complained of.
@Suite struct PlantedMistakesTests {
    /// How many seeds a mistake may live through.
    private static let seeds: UInt64 = 60

    private func complaint(_ mutation: Mutation) throws -> (seed: UInt64, kind: BatteryComplaint.Kind)? {
        for seed in 0..<Self.seeds {
            let battery = try Battery.case(algorithm: mutation.algorithm, seed: seed)
            let outcome = try Battery.run(battery, wrapping: mutation.around)
            if let first = outcome.complaints.first { return (seed, first.kind) }
        }
        return nil
    }

    /// What the first complaint of each is about. Where the world decides, any of them will do.
    private static let expected: [String: Set<BatteryComplaint.Kind>] = [
        "mass is lost on sending": [.violation],
        "mass is doubled on receipt": [.violation],
        "what comes back is not taken back": [.violation],
    ]

    @Test(arguments: Mutation.all.map(\.name)) func isFound(name: String) throws {
        let mutation = try #require(Mutation.all.first { $0.name == name })
        let found = try complaint(mutation)
        print("PLANTED", name, mutation.algorithm, found.map { "\($0.seed) \($0.kind)" } ?? "NOT FOUND")
        #expect(found != nil, "\(name): nothing was complained of in \(Self.seeds) worlds of \(mutation.algorithm)")
        guard let found, let kinds = Self.expected[name] else { return }
        #expect(kinds.contains(found.kind), "\(name) was found by \(found.kind)")
    }

    /// It is the mistake that is found, and not that something stands around the algorithm.
    @Test(arguments: Battery.algorithms) func withoutAMistakeNothingIsFound(algorithm: String) throws {
        let nothing = Mutation(name: "none", algorithm: algorithm) { _, event, _, base in base(event) }
        #expect(try complaint(nothing) == nil)
    }

    @Test func thereAreManyOfAllKinds() {
        #expect(Mutation.all.count >= 12)
        #expect(Set(Mutation.all.map(\.algorithm)).count >= 8)
        #expect(Set(Mutation.all.map(\.name)).count == Mutation.all.count)
    }
}
