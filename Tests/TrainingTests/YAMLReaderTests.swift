import Configuration
import Testing

@testable import Experiments
@testable import Training

@Suite struct YAMLReaderTests {
    private func value(_ yaml: String) throws(ExperimentError) -> OptionValue {
        try YAMLReader.read(yaml) { .file("x.yaml", line: $0, column: $1) }.value
    }

    private func complaint(_ yaml: String) -> String {
        (#expect(throws: ExperimentError.self) { try value(yaml) })?.description ?? ""
    }

    @Test func aliasesStandForWhatTheirAnchorsHold() throws {
        #expect(
            try value("a: &one [1, 2*3, '*q*']\nb: *one\nc: {*one : 1}".replacing("{*one : 1}", with: "[*one, *one]"))
                == .table([
                    "a": .list([.integer(1), .text("2*3"), .text("*q*")]),
                    "b": .list([.integer(1), .text("2*3"), .text("*q*")]),
                    "c": .list(
                        Array(repeating: .list([.integer(1), .text("2*3"), .text("*q*")]), count: 2)),
                ]))
        // The latest anchor of a name counts, and a word may be a key.
        #expect(try value("[&a 1, *a, &a 2, *a]") == .list([1, 1, 2, 2].map(OptionValue.integer)))
        #expect(
            try value("{? &k word : 1, b: {*k : 2}}")
                == .table(["word": .integer(1), "b": .table(["word": .integer(2)])]))
        #expect(complaint("a: *b") == "x.yaml:1:1: not YAML: there is no anchor &b in front of the alias")
        #expect(complaint("a: &b [*b]").contains("there is no anchor &b"))
    }

    /// Nine ninefold aliases one within the other are 387 million values, in keys as in values.
    @Test(arguments: ["v: *a8", "? *a8\n: 1", "v: {*a8 : 1}", "v: {[*a8]}", "v: [[*a8]: 1]"])
    func aliasesThatGrowWithoutBoundAreRefused(last: String) {
        var yaml = "a0: &a0 [" + Array(repeating: "x", count: 9).joined(separator: ", ") + "]\n"
        for level in 1...8 {
            let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(complaint(yaml + last).contains("the aliases stand for more than"))
    }

    @Test func aLongTextIsCountedByItsLength() {
        let text = String(repeating: "x", count: 100_000)
        let aliases = Array(repeating: "*a", count: 20).joined(separator: ", ")
        #expect(complaint("a: &a \(text)\nb: [\(aliases)]").contains("the aliases stand for more than"))
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try value(nested(64))
        #expect(complaint(nested(66)).contains("nested more than 64 deep"))
        #expect(complaint(nested(100_000)).contains("x.yaml"))
        let deep = "a: &a \(nested(40))\nb: \(String(repeating: "[", count: 40))*a\(String(repeating: "]", count: 40))"
        #expect(complaint(deep).contains("nested more than 64 deep"))
    }

    @Test func aKeyGivenTwiceInAnyNotationIsRefused() throws {
        #expect(complaint("{1: 2.0, 01: 3.0}") == "x.yaml:1:10: '1' is given twice in one table; keep one")
        #expect(complaint("{1: 2.0, '1': 3.0}").contains("'1' is given twice"))
        #expect(complaint("{0x1: 2.0, +1: 3.0}").contains("'1' is given twice"))
        #expect(try value("{01: 2}") == .table(["1": .integer(2)]))
    }

    @Test func fileAndOverrideAreReadAlike() throws {
        for text in ["064", "010", "0x40", "0o100", "6.4e1", "+64"] {
            let file = try load("batch: \(text)").experiment
            let override = try load("", "batch=\(text)").experiment
            #expect(file.batch == override.batch)
            #expect(file.batch == (text == "010" ? 10 : 64))
        }
        #expect(try load("stragglers: {01: 2}", "stragglers.1=3").experiment.stragglers == [1: 3])
        #expect(try load("stragglers: {1: 2}", "stragglers.01=3").experiment.stragglers == [1: 3])
    }

    @Test func anOverrideOfManyPartsIsRefused() {
        let path = Array(repeating: "a", count: 30_000).joined(separator: ".")
        let error = #expect(throws: ExperimentError.self) { try load("", "\(path)=1") }
        #expect(error?.message == "no key lies 30000 parts deep")
    }
}
