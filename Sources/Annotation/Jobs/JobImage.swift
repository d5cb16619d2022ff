/// One image of an upload, as it was when the request was accepted.
package struct JobImage: Codable, Hashable, Sendable {
    /// Path below the folder, or name in the archive.
    package let name: String
    package let byteCount: Int64
    /// Last modification in nanoseconds since 1970; 0 in an archive, whose own identity counts.
    package let modified: Int64

    package init(name: String, byteCount: Int64, modified: Int64) {
        self.name = name
        self.byteCount = byteCount
        self.modified = modified
    }
}
