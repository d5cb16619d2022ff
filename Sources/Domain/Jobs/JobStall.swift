package import FoundationEssentials

/// Why a job that continues is late.
package struct JobStall: Codable, Hashable, Sendable {
    /// What the last attempt at one of its work items ended with.
    package let error: JobError
    /// Since when attempts at that work item have failed.
    package let since: Date?

    private enum CodingKeys: String, CodingKey {
        case error
        case since = "troubledSince"
    }
}
