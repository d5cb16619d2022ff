package import FoundationEssentials

/// Why a job that goes on is late.
package struct JobTrouble: Codable, Hashable, Sendable {
    /// What the last attempt at one of its units ended with.
    package let error: JobError
    /// Since when attempts at that unit have failed.
    package let since: Date?

    private enum CodingKeys: String, CodingKey {
        case error
        case since = "troubledSince"
    }
}
