import Configuration
import TestKit
import Testing
import Training

@testable import murmur

@Suite struct ListsTests {
    private let descriptions = [
        Description(name: "a", summary: "the first"),
        Description(
            name: "longer", summary: "next",
            options: [Option.number("p", default: 0.5, in: 0...1, "chance").description]),
    ]

    @Test func aLineEachAligned() {
        #expect(listText(descriptions) == "a       the first\nlonger  next       p=0.5\n")
        #expect(listText([]) == "")
    }

    @Test func orOneObject() {
        #expect(
            listJSON("things", descriptions).sorted.text == """
                {"things":[{"name":"a","options":[],"summary":"the first"},{"name":"longer","options":[{"default":0.5,\
                "expects":"a number from 0 to 1","meaning":"chance","name":"p"}],"summary":"next"}]}
                """)
    }

    @Test(arguments: [
        ("algorithms", "gosgd"), ("topologies", "torus"), ("datasets", "synthetic"), ("optimizers", "adam"),
        ("schedules", "cosine"),
    ])
    func eachTellsAllAboutOne(_ list: String, _ name: String) throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(list, name, in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(called.output.hasPrefix(name))
            #expect(called.output.split(separator: "\n").count > 1)
            let unknown = try Command.call(list, name + "x", in: folder)
            #expect(unknown.code == 64)
            #expect(unknown.errors.contains("did you mean '\(name)'?"))
        }
    }
}
