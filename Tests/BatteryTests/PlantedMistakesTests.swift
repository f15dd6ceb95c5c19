import Gossip
import SimulatedTraining
import Testing

/// The battery finds mistakes: each of these is planted around an algorithm that has none, and complained of.
@Suite struct PlantedMistakesTests {
    /// How many seeds a mistake may live through.
    private static let seeds: UInt64 = 60

    private func complaint(
        _ mutation: Mutation, seeds: UInt64 = seeds
    ) throws -> (seed: UInt64, kind: BatteryComplaint.Kind)? {
        for seed in 0..<seeds {
            let battery = try Battery.case(mutation.algorithm, seed: seed)
            let outcome = try Battery.run(battery, wrapping: mutation.around)
            if let first = outcome.complaints.first { return (seed, first.kind) }
        }
        return nil
    }

    /// What the first complaint of each is about.
    private static let expected: [String: BatteryComplaint.Kind] = [
        "mass is lost on sending": .violation,
        "mass is doubled on receipt": .violation,
        "what comes back is not taken back": .violation,
        "mass is lost on sending over a link": .violation,
        "what a broken link returns is not taken back": .violation,
        "a share goes twice over a link": .violation,
        "the numerator is not halved with its weight": .average,
        "the biased model is taken for the model": .recursion,
        "a message is forgotten": .violation,
        "a reply is forgotten": .violation,
        "a message is sent twice": .average,
        "whatever comes is taken for this round's": .violation,
        "everybody pushes to one peer": .distance,
        "a payload is never let go": .violation,
        "a mixing weight is wrong": .average,
        "the step is taken before the mix": .recursion,
        "the tracker is not mixed": .recursion,
        "the gradient is taken at the biased model": .optimum,
        "a gradient in ten is not applied": .average,
        "the own gradient is taken for the average": .violation,
        "a weight is no number": .violation,
        "the answer is not the half of the way": .average,
        "a client's samples count for nothing": .recursion,
        "a crash is not heard of": .violation,
        "a return is not heard of": .abandonment,
        "a crash that could be lived through is not": .abandonment,
        "a run ends a step early": .steps,
        "a peer draws from what all share": .repetition,
        "the sum depends on who came first": .bits,
        "a score is forgotten": .violation,
        "the worst is taken for the best": .recursion,
        "only the own model is relayed": .recursion,
        "an outer step is skipped": .recursion,
        "the server does not feel the last worker": .recursion,
        "the server adds everything twice": .average,
        "a partner's slow model counts for nothing": .recursion,
        "what mixing did is not remembered": .recursion,
        "a chunk's weight is not halved": .violation,
        "nothing is trimmed": .recursion,
        "nothing is clipped": .recursion,
        "the own weight is left out": .recursion,
        "one end of an edge goes further than the other": .average,
        "a neighbour is not heard": .recursion,
        "centred clipping forgets where it was": .recursion,
        "one's own trust is taken for both ends'": .violation,
        "a neighbour's other edges do not count": .average,
        "a neighbour's limit does not count": .average,
        "a report is believed at once": .bits,
        "a report is believed whatever was seen": .trust,
        "a model is mixed where its replica should be": .recursion,
        "a replica at one's own end is a message late": .average,
        "mixing goes the whole way over thin links": .recursion,
    ]

    @Test(arguments: Mutation.all.map(\.name)) func isFound(name: String) throws {
        let mutation = try #require(Mutation.all.first { $0.name == name })
        let found = try complaint(mutation)
        let words = found.map { "found with seed \($0.seed) by \($0.kind)" } ?? "not found"
        #expect(found?.kind == Self.expected[name], "\(name), planted around \(mutation.algorithm): \(words)")
    }

    /// It is the mistake that is found, and not that something stands around the algorithm. The same worlds without it
    /// are `BatteryTests`', so that a few of each row say this.
    @Test(arguments: Battery.rows) func withoutAMistakeNothingIsFound(algorithm: String) throws {
        let nothing = Mutation(name: "none", algorithm: algorithm) { _, event, _, base in base(event) }
        #expect(try complaint(nothing, seeds: 15) == nil)
    }

    @Test func thereAreManyOfAllKinds() {
        #expect(Mutation.all.count >= 12)
        #expect(Set(Mutation.all.map(\.algorithm)).count >= 8)
        #expect(Set(Mutation.all.map(\.name)) == Set(Self.expected.keys) && Self.expected.count == Mutation.all.count)
        // Every check has a mistake that it is the first to find, or none that lives long enough to reach it.
        #expect(Set(Self.expected.values).count >= 8)
    }
}
