import Testing

@Suite struct ArrowsTests {
    private let package = """
        let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
        let yams: Target.Dependency = .product(
            name: "Yams", package: "Yams")
        func module(_ name: String) -> Target { .target(name: name, dependencies: imports) }
        let package = Package(
            dependencies: [.package(url: "a")],
            targets: [
                // module("Ghost", ["A"])
                .target(name: "COne", linkerSettings: [.linkedLibrary("one")]),
                .systemLibrary(name: "CTwo", path: "Sources/CTwo"),
                module("A"),
                module(
                    "B",
                    [
                        "A", "COne", heap,
                    ]),
                .executableTarget(name: "c", dependencies: ["B", "A", yams], swiftSettings: settings),
                tests("ATests", ["A"]),
            ])
        """

    @Test func thePackageIsRead() {
        let expected: Arrows = [
            "COne": [], "CTwo": [], "A": [], "B": ["A", "COne", "HeapModule"], "c": ["A", "B", "Yams"],
        ]
        #expect(arrows(inPackage: package) == expected)
    }

    @Test func thePageIsRead() {
        let page = """
            | module | imports | what |
            |---|---|---|
            | `A` | nothing | `x` |
            | `B` | `A`, `COne` | the `A` of it |
            """
        #expect(arrows(inPage: page) == ["A": [], "B": ["A", "COne"]])
    }

    @Test func everyDifferenceIsTold() {
        let found = differences(
            package: ["A": [], "B": ["A"], "C": ["A"]], page: ["A": [], "B": ["A", "C"], "D": []])
        #expect(
            found == [
                "B imports [\"A\"] in Package.swift and [\"A\", \"C\"] in the table",
                "C is in Package.swift and not in the table; add it, importing [\"A\"]",
                "D is in the table and not in Package.swift; take it out",
            ])
        #expect(differences(package: ["A": ["B"]], page: ["A": ["B"]]).isEmpty)
    }
}
