internal import Domain
internal import Glibc

/// A file that grows by parts of text. Blocks for as long as the file system takes for small appends.
@safe
struct TextFile: ~Copyable {
    private let stream: UnsafeMutablePointer<FILE>

    /// Opens the file at `path` for appending, and makes it when it is missing.
    static func appending(to path: String) throws(WorkFailure) -> TextFile {
        guard let stream = unsafe fopen(path, "a") else { throw Self.failure(path) }
        return unsafe TextFile(takingOwnershipOf: stream)
    }

    private init(takingOwnershipOf stream: UnsafeMutablePointer<FILE>) { unsafe self.stream = unsafe stream }

    deinit { unsafe fclose(self.stream) }

    borrowing func append(_ text: String) throws(WorkFailure) {
        let bytes = Array(text.utf8)
        guard unsafe fwrite(bytes, 1, bytes.count, self.stream) == bytes.count else {
            throw Self.failure("a work file")
        }
    }

    /// Gives what was written to the system, so that others can read it.
    borrowing func flush() throws(WorkFailure) {
        guard unsafe fflush(self.stream) == 0 else { throw Self.failure("a work file") }
    }

    private static func failure(_ path: String) -> WorkFailure {
        let reason = unsafe String(cString: strerror(errno))
        return WorkFailure(failure: .dependency(JobError(code: 507, message: "\(path) cannot be written: \(reason)")))
    }
}
