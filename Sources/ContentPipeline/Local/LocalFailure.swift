/// Why work on a file of this machine cannot be done, beside what the media and the system say.
package struct LocalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One plain sentence that names the file or directory.
    package let description: String

    init(_ description: String) { self.description = description }
}
