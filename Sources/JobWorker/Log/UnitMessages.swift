internal import EventLog
internal import FrameKit
internal import Logging
internal import Synchronization

/// What FFmpeg says while one unit is at work, in the log under the unit's ids, and never in floods.
///
/// The first of messages that are alike is shown at once, so that it is there when the process crashes; the number of the
/// others when the unit ends. A process works at one unit at a time, so all that its FFmpeg says belongs to it.
struct UnitMessages: Sendable {
    private let logger: Logger
    private let tally = Tally()

    private final class Tally: Sendable {
        let messages = Mutex(MessageTally())
    }

    init(logger: Logger) { self.logger = logger }

    /// Listens while `body` runs.
    func listening<Success>(_ body: () async throws -> Success) async rethrows -> Success {
        LibraryLog.setReceiver { [logger, tally] message in
            guard tally.messages.withLock({ $0.admits(message.text) }) else { return }
            logger.log(
                level: message.isError ? .warning : .notice, "media library", metadata: ["ffmpeg": "\(message.text)"])
        }
        defer { self.end() }
        return try await body()
    }

    private func end() {
        LibraryLog.setReceiver(nil)
        for (message, count) in self.tally.messages.withLock({ $0.summary }) {
            self.logger.notice("media library, said before", metadata: ["ffmpeg": "\(message)", "times": "\(count)"])
        }
    }
}
