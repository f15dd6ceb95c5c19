import Testing

@testable import Dashboard

@Suite struct RequestTests {
    private func read(_ lines: String...) -> Result<Request, Request.Refusal> {
        Result { () throws(Request.Refusal) in
            try Request(head: lines.joined(separator: "\r\n"), port: 8080)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1", "LOCALHOST:8080", "127.0.0.1:8080"])
    func whoeverKnowsThisMachineIsAnswered(host: String) throws {
        let request = try read("GET /events?x=1 HTTP/1.1", "Accept: */*", "HOST: \(host)", "Last-Event-ID: 7-ab").get()
        #expect(request.path == "/events" && request.lastEventID == "7-ab")
    }

    /// A name that was made to lead here by somebody else's server of names, and none at all.
    @Test(arguments: ["evil.example", "localhost.evil.example", "localhost:9", "127.0.0.1:80800", "[::1]", ""])
    func otherNamesAreRefused(host: String) {
        #expect(read("GET / HTTP/1.1", "Host: \(host)") == .failure(.host))
    }

    @Test func twoNamesOrNoneAreRefused() {
        #expect(read("GET / HTTP/1.1") == .failure(.host))
        #expect(read("GET / HTTP/1.1", "Host: localhost", "host: localhost") == .failure(.host))
    }

    @Test(arguments: ["POST", "HEAD", "get", "DELETE"]) func onlyGetIsAnswered(method: String) {
        #expect(read("\(method) / HTTP/1.1", "Host: localhost") == .failure(.method))
    }

    @Test(arguments: ["", "GET", "GET / SPDY/3", "GET http://localhost/ HTTP/1.1", "GET  / HTTP/1.1", "\0\0\0"])
    func whatIsNoRequestIsRefused(line: String) {
        #expect(read(line, "Host: localhost") == .failure(.malformed))
        #expect(read("GET / HTTP/1.1", "Host: localhost", "no colon") == .failure(.malformed))
    }
}
