import Configuration
import Testing
import Training

@Suite struct JSONTests {
    @Test func writesOneLineInTheGivenOrder() {
        let value = JSON.object([
            ("b", .array([.null, .boolean(true), .integer(-3)])), ("a", .number(0.5)), ("c", .object([])),
        ])
        #expect(value.text == #"{"b":[null,true,-3],"a":0.5,"c":{}}"#)
        #expect(value.sorted.text == #"{"a":0.5,"b":[null,true,-3],"c":{}}"#)
    }

    @Test func whatIsNoNumberIsNull() {
        #expect(JSON.array([.number(.nan), .number(.infinity), .number(-.infinity)]).text == "[null,null,null]")
    }

    @Test func escapesWhatStringsMayNotHold() {
        #expect(JSON.string("a\"b\\c\n\u{1}é\u{1F600}").text == #""a\"b\\c\n\u0001é😀""#)
    }

    @Test func indentsTwoSpacesALevel() {
        #expect(
            JSON.object([("a", .array([.integer(1), .integer(2)])), ("b", .array([]))]).indented
                == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}")
    }
}
