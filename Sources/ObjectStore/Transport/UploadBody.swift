/// Bytes that are streamed as a request's body.
struct UploadBody: Sendable {
    let source: ByteSource
    /// Announced as Content-Length; a file that has become shorter fails the transfer.
    let byteCount: Int64
    /// In lower-case hexadecimal digits; other bytes fail the transfer before the last one is sent, so that no server
    /// stores them.
    let sha256: String
}
