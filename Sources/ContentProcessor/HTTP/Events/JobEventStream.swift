import Domain
import Hummingbird
import NIOCore

/// The events of one job for one client, from what it knows until the job's end.
struct JobEventStream: Sendable {
    let links: JobLinks
    let looks: JobWatch.Looks
    /// Closed when the client takes nothing for too long: nobody may hold a stream without reading it.
    let channel: any Channel
    /// What the client is told first, and what it knows then.
    let first: JobSnapshot
    let feed: JobFeed

    private static let heartbeatPause = Duration.seconds(5)
    private static let patience = TimeAmount.seconds(30)

    var body: ResponseBody {
        ResponseBody { writer in
            try await self.write(ServerSentEvent.retry, to: &writer)
            try await self.run(&writer)
            try await writer.finish(nil)
        }
    }

    private func run(_ writer: inout any ResponseBodyWriter) async throws {
        var feed = self.feed
        let clock = ContinuousClock()
        var lastWrite = clock.now
        var look: JobSnapshot? = self.first
        var looks = self.looks.makeAsyncIterator()
        repeat {
            if let text = try look.flatMap({ try self.news($0, from: &feed) }) {
                try await self.write(text, to: &writer)
                lastWrite = clock.now
            } else if clock.now - lastWrite >= Self.heartbeatPause {
                try await self.write(ServerSentEvent.heartbeat, to: &writer)
                lastWrite = clock.now
            }
            if let look, !look.job.state.isLive {
                return try await self.write(ServerSentEvent.end(look.job.state).text, to: &writer)
            }
            guard let next = await looks.next() else { return }
            look = next
        } while true
    }

    private func news(_ snapshot: JobSnapshot, from feed: inout JobFeed) throws -> String? {
        try feed.news(snapshot).map { revision, snapshot in
            try ServerSentEvent.job(JobView(snapshot, links: self.links), at: revision).text
        }
    }

    private func write(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
        let channel = self.channel
        let deadline = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        try await writer.write(ByteBuffer(string: text))
    }
}

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
