/// One image of an upload, as it was when the request was accepted.
package struct JobImage: Codable, Hashable, Sendable {
    /// Path below the folder, or name in the archive.
    package let name: String
    package let byteCount: Int64
    /// Last modification in nanoseconds since 1970; 0 in an archive, whose own identity counts.
    package let modified: Int64

    /// The path's bytes in hexadecimal digits, where they are not those of `name`: not every file system has UTF-8.
    package let rawName: String?
    /// From 0 among the entries of an archive, where two may have one name; `nil` in a folder.
    package let position: Int?

    package init(name: String, byteCount: Int64, modified: Int64, rawName: String? = nil, position: Int? = nil) {
        self.name = name
        self.rawName = rawName
        self.position = position
        self.byteCount = byteCount
        self.modified = modified
    }
}
