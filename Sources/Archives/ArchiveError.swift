internal import CArchive

/// Why an archive could not be written or read.
///
/// Switch on ``code``; log the whole value, which also names libarchive's call.
package struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure this is, in terms a caller can act on.
    package enum Code: String, CaseIterable, Sendable {
        /// The bytes are no archive that this build can read.
        case invalidData
        /// The archive's file cannot be written or read, for lack of space or rights.
        case inputOutput
        /// An allocation failed.
        case outOfMemory
    }

    package let code: Code
    /// The function of libarchive that failed.
    package let call: String
    /// One plain sentence.
    package let message: String

    init(_ code: Code, _ message: String, from call: String) {
        self.code = code
        self.call = call
        self.message = message
    }

    package var description: String { "\(self.message) [\(self.code.rawValue), \(self.call)]" }
}

extension ArchiveError {
    /// What libarchive says of the last failure on `archive`, which concerns the file at `path`.
    ///
    /// - Parameter name: how the file is called; libarchive's words have the path, which may be a descriptor's.
    static func last(
        of archive: OpaquePointer, from call: String, path: String, name: String? = nil, otherwise code: Code
    ) -> ArchiveError {
        let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "unknown reason"
        let name = name ?? path
        return ArchiveError(code, "\(name): \(reason.replacing(path, with: name))", from: call)
    }
}
