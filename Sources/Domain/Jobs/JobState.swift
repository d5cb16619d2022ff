/// Where a job stands.
///
/// ```
/// queued ─► running ─► succeeded | failed | cancelled | quarantined
///    ▲         (any state before the end may also become failed or cancelled)
///    └──────── failed | cancelled | quarantined, when the same request comes again
/// ```
package enum JobState: String, Codable, Sendable, CaseIterable {
    case queued
    case running
    case succeeded
    /// Ended by something that trying again will not change: refused content, human work in the way.
    case failed
    /// Ended by a person.
    case cancelled
    /// Ended after too many failed attempts at one work item.
    case quarantined

    /// The states in which a job still has work to do.
    package static let live: [JobState] = [.queued, .running]

    package var isLive: Bool { Self.live.contains(self) }
}

/// Why a job or a work item failed, as the upload's `errorMessage` shows it.
package struct JobError: Error, Hashable, Sendable, Codable {
    /// The HTTP status that fits: 422 refused content, 409 human work, 499 cancelled, 500, 507 …; never 200.
    package let code: Int
    /// One plain sentence.
    package let message: String

    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case code = "error_code"
        case message
    }

    /// An error that no module of the service announces.
    package static let internalError = JobError(
        code: 500, message: "Something went wrong inside the service; its log tells what.")
    package static let cancelled = JobError(code: 499, message: "The job was cancelled.")
}
