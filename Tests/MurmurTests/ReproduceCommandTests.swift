import Comparisons
import Foundation
import TestKit
import Testing

@Suite struct ReproduceCommandTests {
    @Test(arguments: BuiltInReproductions.names)
    func everyReproductionRunsAtTheSmallestScale(_ name: String) throws {
        try withTemporaryFolder { folder in
            let called = try Command.call("reproduce", name, "--scale", "smoke", "--page", "pages", in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(called.output.hasSuffix("pages/\(name).md\npages/\(name).html\n"))
            let page = try Command.text("pages/\(name).md", in: folder)
            #expect(page.contains("Made by `murmur reproduce \(name) --scale smoke`"))
            #expect(!page.contains("Not all runs have been made"))
            #expect(page.contains("## What is claimed"))
            #expect(page.contains("## How to read it"))
            let html = try Command.text("pages/\(name).html", in: folder)
            #expect(html.contains("</html>"))
            #expect(html.contains("<svg"))
            for line in page.split(separator: "\n") where line.hasPrefix("![") {
                let file = line.dropFirst(2).prefix { $0 != "]" }
                let picture = try Command.text("pages/\(file)", in: folder)
                #expect(picture.contains("<svg"))
            }
        }
    }

    @Test func aChangedCopyIsRun() throws {
        try withTemporaryFolder { folder in
            let printed = try Command.call("reproduce", "gosgd", "--print", in: folder)
            #expect(printed.code == 0)
            let changed = printed.output.replacing("title: GoSGD", with: "title: My GoSGD")
            #expect(changed != printed.output)
            try changed.write(toFile: "\(folder)/mine.yaml", atomically: true, encoding: .utf8)
            let called = try Command.call("reproduce", "./mine.yaml", "--scale", "smoke", in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(try Command.text("reproductions/mine-smoke/mine.md", in: folder).hasPrefix("# My GoSGD"))
        }
    }

    @Test func theListNamesAll() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call("reproduce", "--list", in: folder)
            #expect(called.code == 0)
            let names = called.output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
            #expect(names == BuiltInReproductions.names)
        }
    }

    @Test func whatIsWrongIsSaid() throws {
        try withTemporaryFolder { folder in
            let unknown = try Command.call("reproduce", "gosgt", in: folder)
            #expect(unknown.code == 78)
            #expect(unknown.errors.contains("did you mean 'gosgd'?"))
            let codes = try [[], ["./nowhere.yaml"]].map { try Command.call(["reproduce"] + $0, in: folder).code }
            #expect(codes == [64, 66])
            try "title: x\nsourc: y\n".write(toFile: "\(folder)/x.yaml", atomically: true, encoding: .utf8)
            let wrong = try Command.call("reproduce", "./x.yaml", in: folder)
            #expect(wrong.code == 78)
            #expect(wrong.errors.contains("./x.yaml:2:1: sourc: unknown key 'sourc'; did you mean 'source'?"))
        }
    }
}
