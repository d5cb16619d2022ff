/// Files of an upload of images that are in none of its tasks: all are counted, and the first ones named.
package struct SkippedFiles: Codable, Hashable, Sendable {
    package struct File: Codable, Hashable, Sendable {
        /// Path below the folder or in the archive.
        package let name: String
        /// One plain sentence.
        package let reason: String
    }

    package private(set) var count = 0
    package private(set) var files: [File] = []

    /// Files that are named, at most: the list is part of every task's document.
    package static let namedLimit = 50

    package init() {}

    /// Counts a file.
    ///
    /// - Parameter reason: what the file is, as in "is hidden".
    package mutating func add(_ name: String, _ reason: String) {
        self.count += 1
        guard self.files.count < Self.namedLimit else { return }
        self.files.append(File(name: name, reason: "The file \(reason)."))
    }
}
