internal import CCurl
import FoundationEssentials

/// One HTTP request as it goes over the wire: signed, encoded and complete.
struct TransferRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    let method: Method
    /// Absolute, percent-encoded; sent exactly as it is.
    let url: String
    let headers: [RequestField]
    /// The body of a `put` or `post`.
    let upload: UploadBody?
    /// Takes the answer's body, when its status is 200, in place of ``TransferResponse/body``; emptied first.
    var download: OpenFile?
}

struct RequestField: Hashable, Sendable {
    let name: String
    let value: String
}

/// What the server answered, whatever its status.
package struct TransferResponse: Sendable {
    package let status: Int
    /// Names in lower case; of repeated fields the last.
    package let headers: [String: String]
    package let body: [UInt8]
    /// What went into the request's ``TransferRequest/download``; `nil` when nothing did.
    var downloaded: Downloaded?

    struct Downloaded: Hashable, Sendable {
        let byteCount: Int64
        /// In lower-case hexadecimal digits.
        let sha256: String
    }
}

/// How long a transfer may take before it is abandoned.
struct TransferLimits: Hashable, Sendable {
    /// Name resolution, TCP and TLS together.
    var connect: Duration = .seconds(10)
    /// A transfer slower than this many bytes a second …
    var slowBytesPerSecond = 1_024
    /// … for this long, in whole seconds, is abandoned; so is a server that does not answer for as long.
    var slow: Duration = .seconds(30)
    /// How long a server may take to say that it wants a long body, before the body is sent all the same.
    var continueWait: Duration = .seconds(1)
    /// Larger answers are refused: what this module reads are listings and errors.
    var answerByteCount = 16 << 20
}

/// Bytes that are streamed as a request's body.
struct UploadBody: Sendable {
    let source: ByteSource
    /// Announced as Content-Length; a file that has become shorter fails the transfer.
    let byteCount: Int64
    /// In lower-case hexadecimal digits; other bytes fail the transfer before the last one is sent, so that no server
    /// stores them.
    let sha256: String
}

extension TransferResponse {
    /// When the server answered, by its own clock; `nil` when it does not say.
    var date: Date? {
        guard let text = self.headers["date"] else { return nil }
        let seconds = unsafe curl_getdate(text, nil)
        return seconds < 0 ? nil : Date(timeIntervalSince1970: Double(seconds))
    }
}
