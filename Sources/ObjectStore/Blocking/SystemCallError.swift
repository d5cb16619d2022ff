import Glibc

/// Why a system call failed: the call and its `errno`.
struct SystemCallError: Error, Hashable {
    let call: String
    let number: Int32

    /// Reads `errno`: make it right after the call that failed.
    init(call: String) {
        self.call = call
        self.number = errno
    }

    init(call: String, number: Int32) {
        self.call = call
        self.number = number
    }

    /// Returns `status` when it reports success, and throws otherwise.
    @discardableResult
    static func check<Status: SignedInteger>(_ status: Status, from call: String) throws(SystemCallError) -> Status {
        guard status >= 0 else { throw SystemCallError(call: call) }
        return status
    }

    /// What the failure means to the store's caller; the one table of `errno` values.
    ///
    /// A missing file is no fault of the caller here: objects that are absent are no errors, so it is the store's own
    /// directory that has gone.
    func blobError(subject: String) -> BlobError {
        let code: BlobError.Code =
            switch self.number {
            case ENOSPC, EDQUOT: .full
            case EACCES, EPERM, EROFS: .denied
            case ELOOP, ENOTDIR, EISDIR, ENAMETOOLONG, EINVAL, EFBIG: .refused
            default: .unavailable
            }
        return BlobError(code: code, subject: subject, message: "\(self.call): \(self.reason)")
    }

    /// The same when what failed is reading the caller's file.
    func unreadable(subject: String) -> BlobError {
        BlobError(
            code: self == .cancelled ? .unavailable : .unreadable, subject: subject,
            message: "\(self.call): \(self.reason)")
    }

    /// What a blocking call throws when the Swift task behind it was cancelled.
    static let cancelled = SystemCallError(call: "cancelled", number: ECANCELED)

    /// The system's own words.
    var reason: String {
        var text = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(self.number, &text, text.count) == 0 else { return "error \(self.number)" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
