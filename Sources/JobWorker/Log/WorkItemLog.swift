internal import EventLog
internal import FrameKit
internal import Logging
internal import Synchronization

/// What FFmpeg says while one work item is at work, in the log under the work item's ids, and never in floods.
///
/// The first of messages that are alike is shown at once, so that it is there when the process crashes; the number of
/// the others when the work item ends. A process works at one work item at a time, so all that its FFmpeg says belongs
/// to it.
struct WorkItemLog: Sendable {
    private let logger: Logger
    private let counts = Counts()

    private final class Counts: Sendable {
        let messages = Mutex(MessageCounts())
    }

    init(logger: Logger) { self.logger = logger }

    /// Listens while `body` runs.
    func listening<Success>(_ body: () async throws -> Success) async rethrows -> Success {
        LibraryLog.setReceiver { [logger, counts] message in
            guard counts.messages.withLock({ $0.admits(message.text) }) else { return }
            logger.log(
                level: message.isError ? .warning : .notice, "media library", metadata: ["ffmpeg": "\(message.text)"])
        }
        defer { self.end() }
        return try await body()
    }

    private func end() {
        LibraryLog.setReceiver(nil)
        for (message, count) in self.counts.messages.withLock({ $0.summary }) {
            self.logger.notice("media library, said before", metadata: ["ffmpeg": "\(message)", "times": "\(count)"])
        }
    }
}
