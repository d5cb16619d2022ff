/// One block of a `text/event-stream` (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
struct ServerSentEvent: Hashable, Sendable {
    /// What the client says in `Last-Event-ID` when it comes back; without line breaks.
    var id: String?
    /// `nil` is a plain message.
    var name: String?
    let data: String

    static let contentType = "text/event-stream"

    /// How soon a client comes back after its connection broke.
    static let retry = "retry: 3000\n\n"
    /// Keeps proxies from closing a quiet connection.
    static let heartbeat = ": still here\n\n"

    /// As it is sent, with the empty line that ends it.
    var text: String {
        var lines: [String] = []
        if let id { lines.append("id: \(id)") }
        if let name { lines.append("event: \(name)") }
        // The format's own line ends alone: a JSON text may hold Unicode's others. The client joins lines by line
        // feeds.
        let data = self.data.split(omittingEmptySubsequences: false) { ["\n", "\r", "\r\n"].contains($0) }
        lines += data.map { "data: \($0)" }
        return lines.joined(separator: "\n") + "\n\n"
    }
}
