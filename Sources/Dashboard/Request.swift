/// The head of an HTTP request, as much of it as the dashboard cares for.
struct Request: Equatable {
    /// The path without what is behind a question mark.
    let path: String
    /// The last event that a stream's reader has, where it comes back.
    let lastEventID: String?

    /// Why a request is not answered: the status line's number and words.
    struct Refusal: Error, Equatable {
        let status: String

        static let malformed = Refusal(status: "400 Bad Request")
        static let host = Refusal(status: "421 Misdirected Request")
        static let method = Refusal(status: "405 Method Not Allowed")
        static let tooLong = Refusal(status: "431 Request Header Fields Too Large")
    }

    /// Bytes that a head may have.
    static let limit = 8192

    /// Reads a head, up to and without the empty line. Only readers on this machine that know it by its own name are
    /// answered: a page from elsewhere whose name was made to lead here says that name.
    init(head: String, port: UInt16) throws(Refusal) {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/") else { throw .malformed }
        var hosts: [String] = []
        var lastEventID: String?
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed }
            let value = String(line[line.index(after: colon)...].trimmingPrefix { $0 == " " || $0 == "\t" })
            switch line[..<colon].lowercased() {
            case "host": hosts.append(value.lowercased())
            case "last-event-id": lastEventID = value
            default: break
            }
        }
        let names = ["127.0.0.1", "localhost"].flatMap { [$0, "\($0):\(port)"] }
        guard hosts.count == 1, names.contains(hosts[0]) else { throw .host }
        guard words[0] == "GET" else { throw .method }
        path = String(words[1].prefix { $0 != "?" })
        self.lastEventID = lastEventID
    }
}
