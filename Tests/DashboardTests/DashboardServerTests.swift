import Dispatch
import Foundation
import Records
import Synchronization
import TestKit
import Testing

@testable import Dashboard

@Suite struct DashboardServerTests {
    /// A server over a folder, and the endings of its connections in their order.
    private final class Served: Sendable {
        let path: String
        let server: DashboardServer
        let endings: Endings
        let isWritten: Flag

        final class Flag: Sendable { let isSet = Atomic(true) }

        final class Endings: Sendable {
            private let all = Mutex<[Connection.Ending]>([])
            private let bell = DispatchSemaphore(value: 0)

            func add(_ ending: Connection.Ending) {
                all.withLock { $0.append(ending) }
                bell.signal()
            }

            /// The next ending, waited for.
            func next() -> Connection.Ending {
                bell.wait()
                return all.withLock { $0.removeFirst() }
            }
        }

        init(_ path: String, patience: Int32 = 60_000) throws {
            let (endings, isWritten) = (Endings(), Flag())
            self.path = path
            self.endings = endings
            self.isWritten = isWritten
            server = try DashboardServer(
                port: 0, patience: patience,
                open: { RunFollower(folder: path) { isWritten.isSet.load(ordering: .acquiring) } },
                ended: { endings.add($0) })
        }

        deinit { server.finish() }

        func browser() throws -> Browser { try Browser(port: server.port) }
    }

    private func append(_ text: String, to path: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private func serving(
        _ records: String = "", patience: Int32 = 60_000, _ body: (Served) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            try Data(records.utf8).write(to: URL(filePath: "\(folder)/metrics.jsonl"))
            try body(Served(folder, patience: patience))
        }
    }

    /// The page and its parts, which nothing from outside can get into.
    @Test(arguments: ["/", "/report.css", "/dashboard.css", "/dashboard.js"]) func thePageIsServed(path: String) throws
    {
        try serving { served in
            let browser = try served.browser()
            browser.get(path, host: "127.0.0.1:\(served.server.port)")
            let answer = browser.read()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("Content-Security-Policy: default-src 'none'; script-src 'self';"))
            #expect(answer.contains("X-Content-Type-Options: nosniff"))
            let body = try #require(answer.range(of: "\r\n\r\n").map { answer[$0.upperBound...] })
            #expect(answer.contains("Content-Length: \(body.utf8.count)\r\n") && !body.isEmpty)
            // Everything on the page comes from this server.
            if path == "/" { #expect(!body.contains("http") && !body.contains("<style") && !body.contains(" style=")) }
            if path == "/dashboard.js" { #expect(!body.contains("innerHTML") && !body.contains("eval(")) }
            #expect(served.endings.next() == .answered)
        }
    }

    @Test func whatIsNotServedIsRefused() throws {
        try serving("secret\n") { served in
            func answer(_ text: String) throws -> String {
                let browser = try served.browser()
                browser.say(text)
                return browser.read()
            }
            for path in ["/metrics.jsonl", "/../metrics.jsonl", "/..%2fmetrics.jsonl", "//", "/events/"] {
                let refused = try answer("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(refused.hasPrefix("HTTP/1.1 404 ") && !refused.contains("secret"))
            }
            #expect(try answer("GET /events HTTP/1.1\r\nHost: evil.example\r\n\r\n").hasPrefix("HTTP/1.1 421 "))
            #expect(try answer("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n").contains("Allow: GET\r\n"))
            #expect(try answer("nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
            let long = "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "x", count: Request.limit)
            #expect(try answer(long + "\r\n\r\n").hasPrefix("HTTP/1.1 431 "))
        }
    }

    /// Records come as they are written, in their order; a page that comes back goes on where it was; the end is told.
    @Test func theStreamIsWholeAndInOrder() throws {
        try serving("line 0\n") { served in
            let browser = try served.browser()
            browser.get("/events")
            browser.read(until: "data: line 0\n\n")
            var id = ""
            for number in 1..<200 {
                try append("line \(number)\n", to: "\(served.path)/metrics.jsonl")
                guard number % 50 == 0 else { continue }
                let text = browser.read(until: "data: line \(number)\n\n")
                id = try #require(text.matches(of: /id: ([0-9a-f-]+)\n/).last.map { String($0.1) })
            }
            let other = try served.browser()
            other.get("/events", "Last-Event-ID: \(id)")
            for reader in [browser, other] { reader.read(until: "data: line 199\n\n") }
            try Data("{}".utf8).write(to: URL(filePath: "\(served.path)/summary.json"))
            served.isWritten.isSet.store(false, ordering: .releasing)
            func lines(_ reader: Browser) -> [Int] {
                reader.read().matches(of: /data: line ([0-9]+)\n/).compactMap { Int($0.1) }
            }
            #expect(lines(browser) == Array(0..<200))
            #expect(lines(other) == Array(151..<200))
            for reader in [browser, other] { #expect(reader.read().hasSuffix("event: over\ndata: {}\n\n")) }
        }
    }

    /// A reader that takes nothing in is given up, and another one beside it gets everything.
    @Test func aSlowReaderIsDropped() throws {
        let filler = String(repeating: "x", count: 4000)
        let records = (0..<6000).map { "line \($0) \(filler)\n" }.joined()
        try serving(records, patience: 20) { served in
            let slow = try served.browser()
            slow.get("/events")
            #expect(served.endings.next() == .dropped)
            #expect(!slow.read().contains("line 5999 "))
        }
        try serving(records) { served in
            let quick = try served.browser()
            quick.get("/events")
            #expect(quick.read(until: "data: line 5999 ").matches(of: #/data: line [0-9]+ /#).count == 6000)
        }
    }

    @Test func readersHaveALimit() throws {
        try serving("a\n") { served in
            let readers = try (0..<DashboardServer.limit).map { _ in
                let reader = try served.browser()
                reader.get("/events")
                reader.read(until: "data: a\n\n")
                return reader
            }
            let late = try served.browser()
            #expect(late.read().hasPrefix("HTTP/1.1 503 "))
            withExtendedLifetime(readers) {}
        }
    }

    /// A reader that says nothing does not stay, and the port is the reader's to choose.
    @Test func silenceEndsAndATakenPortIsSaid() throws {
        try serving(patience: 20) { served in
            let silent = try served.browser()
            #expect(served.endings.next() == .left)
            #expect(silent.read() == "")
            let error = try #require(throws: OutputError.self) {
                try DashboardServer(port: served.server.port) { nil }
            }
            #expect(error.description.contains("port \(served.server.port) cannot be had"))
        }
    }

    /// The number of a socket that is closed may be the next server's: it is shut once.
    @Test func finishingTwiceTouchesNobodyElse() throws {
        for _ in 0..<20 {
            let first = try DashboardServer(port: 0) { nil }
            first.finish()
            let second = try DashboardServer(port: 0) { nil }
            first.finish()
            let reader = try Browser(port: second.port)
            reader.get("/")
            #expect(reader.read().hasPrefix("HTTP/1.1 200 OK"))
            second.finish()
        }
    }

    /// A run that is over ends its readers' streams, and the server goes.
    @Test func theEndOfTheRunEndsTheServer() throws {
        try serving("a\n") { served in
            let reader = try served.browser()
            reader.get("/events")
            reader.read(until: "data: a\n\n")
            try Data("{}".utf8).write(to: URL(filePath: "\(served.path)/summary.json"))
            served.isWritten.isSet.store(false, ordering: .releasing)
            served.server.finish()
            #expect(reader.read().hasSuffix("event: over\ndata: {}\n\n"))
            #expect(throws: Browser.Unreachable.self) { try served.browser() }
        }
    }
}
