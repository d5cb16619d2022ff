internal import CFFmpeg

/// Why a media operation failed.
///
/// Switch on ``code``; show a person ``message``; log the whole value, which also names the C call.
public struct MediaError: Error, Hashable, Sendable {
    /// What kind of failure this is, in terms a caller can act on.
    public enum Code: String, CaseIterable, Sendable {
        /// The path names no file, no regular file, or one that may not be read.
        case inaccessible
        /// The bytes are not a video that this build can read: the upload is at fault.
        case unreadable
        /// The video is larger, longer or more complicated than the limits allow.
        case limitExceeded
        /// The source's size or modification time is no longer what it was.
        case sourceChanged
        /// The task that asked was cancelled.
        case cancelled
        /// An allocation failed: worth trying again with fewer jobs at once.
        case outOfMemory
        /// The disk that takes the clip is full.
        case noSpace
        /// Reading or writing failed in the device or file system: worth trying again.
        case inputOutput
        /// Scaling, encoding or writing failed, or the finished clip is not what it should be.
        case encoderFailure
    }

    /// What kind of failure this is.
    public let code: Code
    /// The C function that failed, or the check that refused.
    public let call: String
    /// The raw `AVERROR` value; 0 when no C function failed.
    public let status: Int32
    /// One plain sentence for a person, which names the file and the reason.
    public let message: String
    /// What FFmpeg logged last before it failed; for the log only, since it may hold options and descriptors.
    public let detail: String?

    init(_ code: Code, _ message: String, from call: String, status: Int32 = 0, detail: String? = nil) {
        self.code = code
        self.call = call
        self.status = status
        self.message = message
        self.detail = detail
    }

    /// Translates an `AVERROR` value.
    ///
    /// - Parameters:
    ///   - activity: what was being done to which file, as in "reading cam.mp4".
    ///   - code: what the many statuses mean that no caller can tell apart; ``Code/limitExceeded`` where bytes of the
    ///     upload decide how much memory is asked for: there FFmpeg's "no memory" is the upload's fault.
    init(status: Int32, from call: String, while activity: String, otherwise code: Code) {
        let code: Code =
            switch status {
            case cffmpeg_error_exit: .cancelled
            case cffmpeg_error_no_memory: code == .limitExceeded ? .limitExceeded : .outOfMemory
            case cffmpeg_error_no_space: .noSpace
            case cffmpeg_error_io: .inputOutput
            default: code == .limitExceeded ? .unreadable : code
            }
        let detail = LibraryLog.takeLastMessage()
        // About an upload, FFmpeg's line says what is wrong with the bytes, such as "moov atom not found".
        let reason = code == .unreadable ? detail.map { " (\($0))" } ?? "" : ""
        self.init(
            code,
            "\(activity): \(code == .limitExceeded ? Self.absurdTables : Self.text(of: status))\(reason)", from: call,
            status: status, detail: detail)
    }

    /// Returns `status` when it reports success, and throws otherwise.
    @discardableResult
    static func check(
        _ status: Int32, from call: String, while activity: String, otherwise code: Code
    ) throws(MediaError) -> Int32 {
        guard status >= 0 else { throw MediaError(status: status, from: call, while: activity, otherwise: code) }
        return status
    }

    /// Returns the pointer that an allocating function gave, and throws when it gave none.
    static func allocated<Pointer>(_ pointer: Pointer?, by call: String) throws(MediaError) -> Pointer {
        guard let pointer else { throw MediaError(.outOfMemory, "memory ran out", from: call) }
        return pointer
    }

    private static let absurdTables = "its tables ask for more memory than any video needs"

    /// FFmpeg's own words for a status; it has none for numbers of other libraries.
    private static func text(of status: Int32) -> String {
        var text = [CChar](repeating: 0, count: Int(AV_ERROR_MAX_STRING_SIZE))
        guard unsafe av_strerror(status, &text, text.count) >= 0 else { return "an unknown error" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension MediaError: CustomStringConvertible {
    /// For logs: the message with the code and the call.
    public var description: String {
        let detail = self.detail.map { ": \($0)" } ?? ""
        return "\(self.message) [\(self.code.rawValue), \(self.call) \(self.status)\(detail)]"
    }
}
