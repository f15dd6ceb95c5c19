import Testing

@Suite struct CodeTests {
    private func visible(_ text: String, path: String = "a.swift") -> String {
        let code = Code(SourceFile(path: path, text: text))
        return String(decoding: code.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("a // b", "a"), ("a /* b /* c */ d */ e", "a                   e"), (#"f("{")"#, "f(   )"),
        (#"f("\"{")"#, "f(     )"), (##"f(#"a"{"#)"##, "f(       )"), (##"f(#"\(x)"#)"##, "f(        )"),
        (#""a\(b + "c")d""#, "    b +"), (##"#"a\#(b)d"#"##, "      b"), ("\"\"\"\n{\n\"\"\"\na", "   \n \n   \na"),
        (#""// a" b"#, "       b"),
    ])
    func onlyCodeIsLeft(_ text: String, _ expected: String) {
        let seen = visible(text)
        #expect(seen.utf8.count == text.utf8.count)
        let trimmed = String(seen.reversed().drop { $0 == " " }.reversed())
        #expect(trimmed == expected)
    }

    @Test func bracesInCharactersOfCAreBlank() {
        #expect(visible(#"a = '{' + '\'' + b; // '"#, path: "a.c").prefix(23) == "a =     +      + b;    ")
        #expect(visible("/* a /* b */ c", path: "a.c") == "             c")
    }

    @Test func wordsAreFoundWhole() {
        let code = Code(SourceFile(path: "a.swift", text: "print(1)\nreprint(2)\nfoo.print(3)\n// print(4)\n"))
        #expect(code.places(of: "print(").map(code.line) == [1, 3])
        #expect(code.places(of: "foo").map(code.line) == [3])
        #expect(code.places(of: "fo").isEmpty)
    }
}
