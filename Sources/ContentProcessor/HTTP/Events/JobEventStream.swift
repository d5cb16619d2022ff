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
