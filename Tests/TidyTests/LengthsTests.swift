import Testing

@Suite struct LengthsTests {
    private func file(_ text: String, _ path: String = "Sources/Gossip/A.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test func aFileOfOneLineTooManyIsNamed() {
        let full = String(repeating: "let a = 1\n", count: 400)
        #expect(Lengths.file(file(full)).isEmpty)
        let found = Lengths.file(file(full + "let b = 2\n"))
        #expect(found.map(\.line) == [401])
        #expect(found.first?.description.hasPrefix("Sources/Gossip/A.swift:401: 401 lines") == true)
    }

    @Test func aLineOfOneColumnTooManyIsNamed() {
        let full = String(repeating: "ä", count: 120)
        #expect(Lengths.lines(file("\(full)\n")).isEmpty)
        #expect(Lengths.lines(file("a\n\(full)a\n")).map(\.line) == [2])
        #expect(Lengths.lines(file("\(full)a\n", "Sources/CKernels/a.c")).map(\.line) == [1])
        #expect(Lengths.lines(file("\(full)a\n", "README.md")).isEmpty)
    }

    @Test func anAlgorithmOfOneLineTooManyIsNamed() {
        func algorithm(_ lines: Int, _ name: String = "A") -> SourceFile {
            let text = "/// Citation\n\n" + String(repeating: "    a()  // b\n    // c\n\n", count: lines)
            return file(text, "Sources/Gossip/Algorithms/\(name).swift")
        }
        #expect(Lengths.codeLineCount(algorithm(3)) == 3)
        #expect(Lengths.algorithm(algorithm(160)).isEmpty)
        #expect(Lengths.algorithm(algorithm(161)).first?.message.hasPrefix("161 lines of code") == true)
        #expect(Lengths.algorithm(algorithm(161, "Baselines/Parts/A")).isEmpty)
        #expect(
            Lengths.middleAlgorithm([3, 1, 90, 2].map { algorithm($0) } + [algorithm(7, "Baselines/Parts/A")]) == 3)
        #expect(Lengths.middleAlgorithm([5, 1, 90].map { algorithm($0) }) == 5)
    }

    @Test(arguments: [
        "func a() -> [Int]", "init(a: () -> Void = {})", "deinit", "subscript(a: Int) -> Int", "var a: Int",
    ])
    func aFunctionOfOneLineTooManyIsNamed(_ head: String) {
        func sample(lines: Int) -> SourceFile {
            let body = String(repeating: "        b = \"}\" // }\n", count: lines - 2)
            return file("struct S {\n    \(head) {\n\(body)    }\n}\n")
        }
        #expect(Lengths.functions(sample(lines: 70)).isEmpty)
        let found = Lengths.functions(sample(lines: 71))
        #expect(found.map(\.line) == [2])
        #expect(found.first?.message.contains("71 lines") == true)
    }

    @Test func functionsAreMeasuredFromTheirFirstWordToTheirBrace() {
        let text = """
            protocol P {
                func bare() throws(E) -> Int
                init(a: Int)
                var b: Int { get }
            }
            func outer<A>(
                a: A, b: () -> Void = { }
            ) -> Int where A: P {
                var c = { 1 }
                var d: Int
                self.init()
                func inner() {
                }
                return 1
            }
            """
        let found = Code(file(text)).swiftFunctions()
        #expect(
            found == [
                FunctionExtent(name: "b", line: 4, lineCount: 1), FunctionExtent(name: "outer", line: 6, lineCount: 10),
                FunctionExtent(name: "inner", line: 12, lineCount: 2),
            ])
    }

    @Test func functionsOfCAreMeasuredToo() {
        let text = """
            #include <a.h>
            typedef struct { int a; } b;
            static const int c[] = { 1, 2 };
            extern "C" {
            static void run(int a,
                            int b) {
                for (;;) { if (a) { b = '}'; } }
            }
            int last(void) { return 1; }
            }
            """
        let found = Code(file(text, "Sources/CKernels/a.c")).cFunctions()
        #expect(
            found == [
                FunctionExtent(name: "run", line: 5, lineCount: 4), FunctionExtent(name: "last", line: 9, lineCount: 1),
            ])
        let long = "void f(void) {\n" + String(repeating: "    g();\n", count: 69) + "}\n"
        #expect(Lengths.functions(file(long, "Sources/CKernels/a.c")).map(\.line) == [1])
    }
}
