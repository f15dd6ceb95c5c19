import Configuration
import Testing

@Suite struct OptionTextsTests {
    private let word = Option<String>.text("word", default: "a", "a word")
    private let maybe = Option<String?>.optionalText("maybe", "a word or none")
    private let words = Option<[String]>.texts("words", "some words")

    @Test func whatIsNotGivenIsTheDefault() throws {
        let options = Options()
        #expect(try options.value(word) == "a")
        #expect(try options.value(maybe) == nil)
        #expect(try options.value(words) == [])
    }

    @Test func textsAreRead() throws {
        let options = Options([
            "word": .text("b"), "maybe": .text("c"), "words": .list([.text("d"), .text("e")]),
        ])
        #expect(try options.value(word) == "b")
        #expect(try options.value(maybe) == "c")
        #expect(try options.value(words) == ["d", "e"])
        #expect(words.description.canonical(options.values["words"]!) == options.values["words"])
    }

    @Test func whatIsNoTextIsRefused() {
        for value in [OptionValue.integer(1), .text(""), .list([.text("x")])] {
            #expect(throws: ConfigurationError.self) { try Options(["word": value]).value(word) }
            #expect(throws: ConfigurationError.self) { try Options(["maybe": value]).value(maybe) }
        }
        for value in [OptionValue.text("x"), .list([.integer(1)]), .list([.text("")])] {
            #expect(throws: ConfigurationError(key: "words", "\(value.written) is not a list of texts")) {
                try Options(["words": value]).value(words)
            }
            #expect(words.description.canonical(value) == nil)
        }
    }
}
