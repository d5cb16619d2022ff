/// One HTTP request as it goes over the wire: signed, encoded and complete.
struct TransferRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case delete = "DELETE"
    }

    let method: Method
    /// Absolute, percent-encoded; sent exactly as it is.
    let url: String
    let headers: [HTTPField]
    /// The body of a `put`.
    let upload: Upload?
}

/// A file that is streamed as a request's body, never whole in memory.
struct Upload: Sendable {
    let file: OpenFile
    /// Announced as Content-Length; a file that has become shorter fails the transfer.
    let byteCount: Int64
    /// In lower-case hexadecimal digits; a file with other bytes fails the transfer before its last byte is sent, so
    /// that no server stores them.
    let sha256: String
}

struct HTTPField: Hashable, Sendable {
    let name: String
    let value: String
}

/// What the server answered, whatever its status.
struct TransferResponse: Sendable {
    let status: Int
    /// Names in lower case; of repeated fields the last.
    let headers: [String: String]
    let body: [UInt8]
}

/// How long a transfer may take before it is given up.
struct TransferLimits: Hashable, Sendable {
    /// Name resolution, TCP and TLS together.
    var connect: Duration = .seconds(10)
    /// A transfer slower than this many bytes a second …
    var slowBytesPerSecond = 1_024
    /// … for this long, in whole seconds, is given up; so is a server that does not answer for as long.
    var slow: Duration = .seconds(30)
    /// Larger answers are refused: what this module reads are listings and errors.
    var answerByteCount = 16 << 20
}
