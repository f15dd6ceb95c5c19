/// What the dashboard answers, as bytes of HTTP/1.1. Every answer ends its connection.
enum Response {
    /// Nothing runs or is fetched in the page but what this program carries.
    private static let security = [
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Cross-Origin-Resource-Policy: same-origin",
        "Cache-Control: no-store", "Connection: close",
    ].map { $0 + "\r\n" }.joined()

    /// A text of a known type.
    static func whole(_ text: String, type: String) -> [UInt8] {
        answer("200 OK", type: "\(type); charset=utf-8", ["Content-Length: \(text.utf8.count)"], text)
    }

    /// The head of a stream of events, whose end is that of the connection.
    static var streamHead: [UInt8] { answer("200 OK", type: "text/event-stream; charset=utf-8", [], "") }

    /// A refusal, such as `404 Not Found`.
    static func refusal(_ status: String) -> [UInt8] {
        let allowed = status.hasPrefix("405") ? ["Allow: GET"] : []
        return answer(status, type: "text/plain", ["Content-Length: \(status.utf8.count)"] + allowed, status)
    }

    private static func answer(_ status: String, type: String, _ headers: [String], _ body: String) -> [UInt8] {
        let lines = ["HTTP/1.1 \(status)", "Content-Type: \(type)"] + headers
        return Array((lines.map { $0 + "\r\n" }.joined() + security + "\r\n" + body).utf8)
    }
}
