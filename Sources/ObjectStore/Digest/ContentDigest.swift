internal import Blocking
import Crypto
import Glibc

/// SHA-256 of files' bytes, which stores keep with every object.
public enum ContentDigest {
    /// SHA-256 of all bytes of an open regular file, as 64 lower-case hexadecimal digits.
    ///
    /// The descriptor stays the caller's, must remain open until this returns, and keeps its position. Reads on a
    /// thread of its own.
    ///
    /// - Throws: ``BlobError`` with `.unreadable` when reading fails, `.unavailable` when the task is cancelled.
    package static func sha256(ofDescriptor descriptor: Int32) async throws(BlobError) -> String {
        try await self.sha256(subject: "descriptor \(descriptor)") { () throws(SystemCallError) in
            // A second descriptor of the same open file: ours to close, theirs untouched.
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            return OpenFile(takingOwnershipOf: try SystemCallError.check(copy, from: "fcntl"))
        }
    }

    /// SHA-256 of all bytes of the regular file at `path`, as 64 lower-case hexadecimal digits.
    ///
    /// Reads on a thread of its own.
    ///
    /// - Throws: ``BlobError`` with `.unreadable` when reading fails, `.unavailable` when the task is cancelled.
    public static func sha256(ofFileAt path: String) async throws(BlobError) -> String {
        try await self.sha256(subject: path) { () throws(SystemCallError) in try OpenFile.reading(path) }
    }

    /// SHA-256 of bytes in memory, as 64 lower-case hexadecimal digits.
    public static func sha256(of bytes: [UInt8]) -> String {
        var digest = SHA256()
        unsafe bytes.withUnsafeBytes { unsafe digest.update(bufferPointer: $0) }
        return digest.finalize().hexadecimalDigits
    }

    /// Blocks.
    static func sha256(of file: OpenFile, until cancellation: Cancellation) throws(SystemCallError) -> String {
        var digest = SHA256()
        try unsafe ByteSource.file(file, offset: 0).forEachBlock(until: cancellation) { block in
            unsafe digest.update(bufferPointer: block)
        }
        return digest.finalize().hexadecimalDigits
    }

    private static func sha256(
        subject: String, opening: @escaping @Sendable () throws(SystemCallError) -> OpenFile
    ) async throws(BlobError) -> String {
        do {
            // A thread of its own for each call: digests are few and long, and must not wait for one another.
            return try await BlockingThreadPool(count: 1, label: "digest").run(orWhenDropped: SystemCallError.cancelled)
            {
                _, cancellation throws(SystemCallError) in
                try self.sha256(of: opening(), until: cancellation)
            }
        } catch {
            throw error.unreadable(subject: subject)
        }
    }
}

/// Whether `text` is a SHA-256 as the stores keep it: 64 lower-case hexadecimal digits.
func isSHA256(_ text: String) -> Bool {
    text.utf8.count == 64
        && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (0x61...0x66).contains($0) }
}

extension Sequence<UInt8> {
    /// Lower-case hexadecimal digits, two for each byte.
    var hexadecimalDigits: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: self.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
