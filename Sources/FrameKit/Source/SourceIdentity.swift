/// What tells that a file is still the one that was looked at before.
package struct SourceIdentity: Hashable, Sendable, Codable {
    package let byteCount: Int64
    /// Nanoseconds since 1970.
    package let modificationTime: Int64

    package init(byteCount: Int64, modificationTime: Int64) {
        self.byteCount = byteCount
        self.modificationTime = modificationTime
    }
}
