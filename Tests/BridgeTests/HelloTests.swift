import Testing

@testable import Bridge

/// What processes find out about each other before the first step.
@Suite struct HelloTests {
    private func hello(
        seed: String = "1", _ parameters: [(String, [Int])] = [("a", [2, 3]), ("b", [4])], isServer: Bool = false
    ) -> Hello {
        Hello(
            facts: [Hello.Fact(key: "seed", value: seed)],
            parameters: parameters.map { Hello.Parameter(name: $0.0, shape: $0.1) }, isServer: isServer, steps: 3
        )
    }

    @Test func namesTheFirstDifference() {
        let mine = hello()
        #expect(mine.difference(to: hello(), rank: 1) == nil)
        #expect(
            mine.difference(to: hello(seed: "2"), rank: 1)
                == "seed is 1 here and 2 on rank 1; give all processes the same")
        #expect(
            mine.difference(to: hello([("a", [3, 2]), ("b", [4])]), rank: 2)
                == "parameter a is [2, 3] here and [3, 2] on rank 2; build the same model in all processes")
        #expect(
            mine.difference(to: hello([("a", [2, 3]), ("c", [4])]), rank: 2)
                == "parameter b here is c on rank 2; build the same model in all processes")
        #expect(
            mine.difference(to: hello([("a", [2, 3])]), rank: 1)
                == "parameter b is missing on rank 1; build the same model in all processes")
        #expect(
            hello([("a", [2, 3])]).difference(to: mine, rank: 1)
                == "parameter b of rank 1 is missing here; build the same model in all processes")
        #expect(mine.difference(to: hello([], isServer: true), rank: 1) == nil)
    }
}
