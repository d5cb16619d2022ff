public import FoundationEssentials

/// Where objects lie: an S3 bucket, or a directory that stands in for it.
///
/// Keys are UTF-8 paths such as `contents/p1/task-0-cam/task-0-cam.mp4` of at most 1,024 bytes, without a leading slash
/// and without empty, `.` or `..` components. Every method may be called from any task; a transfer runs on the store's
/// own threads and what can be retried is retried inside.
public protocol BlobStore: Sendable {
    /// Uploads the file at `path` whole: a reader sees the old object or the new one, never a part.
    ///
    /// - Parameters:
    ///   - path: of a regular file, which is opened for the call alone.
    ///   - key: where the object will lie.
    ///   - contentType: 1 to 255 characters of ASCII; kept with the object.
    ///   - sha256: 64 lower-case hexadecimal digits; kept with the object and given back by ``information(of:)``.
    func put(contentsOf path: String, at key: String, contentType: String, sha256: String) async throws(BlobError)

    /// The same for a small object whose bytes are in memory.
    func put(_ bytes: [UInt8], at key: String, contentType: String, sha256: String) async throws(BlobError)

    /// Writes the object's bytes to the file at `path`, in place of what was in it; `nil` when there is no object, and
    /// then the file is empty.
    ///
    /// - Returns: what arrived: ``BlobInformation/sha256`` is that of the bytes in the file.
    /// - Throws: `.unreadable` when the bytes are not those whose SHA-256 is kept with the object.
    func download(_ key: String, to path: String) async throws(BlobError) -> BlobInformation?

    /// Where the object's bytes lie as a file that can be read in place; `nil` for a store over the network.
    func filePath(of key: String) throws(BlobError) -> String?

    /// A URL by which anyone can read the object for a while, without keys.
    ///
    /// - Parameters:
    ///   - key: of the object, which is not looked for.
    ///   - validity: rounded down to whole seconds, 1 second to 7 days. A directory's URLs never end.
    /// - Throws: `.refused` for other durations or a malformed key; the store is not asked.
    func presignedURL(of key: String, validFor validity: Duration) throws(BlobError) -> String

    /// What is stored at `key`; `nil` when nothing is.
    func information(of key: String) async throws(BlobError) -> BlobInformation?

    /// Removes the object; harmless when there is none.
    func remove(_ key: String) async throws(BlobError)

    /// Removes what interrupted uploads to `key` left; call it only when nobody uploads to it any more.
    func removeLeftovers(of key: String) async throws(BlobError)

    /// Removes what writers that died long ago left anywhere in the store; returns how many parts that were.
    func removeOrphans() async throws(BlobError) -> Int

    /// All keys that start with `prefix`, in ascending order of their bytes.
    func keys(startingWith prefix: String) async throws(BlobError) -> [String]

    /// Asks the store itself whether it can be used now, for readiness probes.
    func checkReadiness() async throws(BlobError)

    /// The store's own clock, to whole seconds; `nil` for a store that has none but this machine's.
    func serverTime() async throws(BlobError) -> Date?

    /// Where a person finds the object: a path or a URL, without secrets.
    func location(of key: String) -> String
}

/// What a store knows of one object.
public struct BlobInformation: Hashable, Sendable {
    /// How long the object is.
    public let byteCount: Int64
    /// As given when the object was put; `nil` for objects of others.
    public let contentType: String?
    /// As given when the object was put; `nil` for objects of others.
    public let sha256: String?

    /// For a store of your own.
    public init(byteCount: Int64, contentType: String?, sha256: String?) {
        self.byteCount = byteCount
        self.contentType = contentType
        self.sha256 = sha256
    }
}

/// Why a blob store failed, after its retries.
public struct BlobError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the caller can do about it.
    public enum Code: String, CaseIterable, Sendable {
        /// The store cannot be reached, is overloaded or cut the transfer: worth trying later.
        case unavailable
        /// Keys, bucket or permissions are wrong: an operator must act.
        case denied
        /// No space is left.
        case full
        /// The file to be stored, or the object asked for, cannot be read.
        case unreadable
        /// The request itself was refused; trying again will not help.
        case refused
    }

    /// What the caller can do about it.
    public let code: Code
    /// The object, bucket or file concerned.
    public let subject: String
    /// One plain sentence for a person, without secrets.
    public let message: String

    /// For a store of your own.
    public init(code: Code, subject: String, message: String) {
        self.code = code
        self.subject = subject
        self.message = message
    }

    /// The subject and the sentence.
    public var description: String { "\(self.subject): \(self.message)" }
}
