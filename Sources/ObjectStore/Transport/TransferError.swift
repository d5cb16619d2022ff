internal import CCurl

/// Why no HTTP answer came.
package struct TransferError: Error, Hashable, Sendable {
    package enum Code: Sendable {
        /// No connection: name not resolved, refused, no route.
        case unreachable
        /// Too slow to connect, to send or to answer.
        case timedOut
        /// The connection ended in the middle.
        case cut
        /// TLS: the certificate is not trusted or not for this host, or the CA file is unusable.
        case untrusted
        /// The file to be sent could not be read, or has become shorter.
        case fileUnreadable
        /// The file for the answer could not be written.
        case fileUnwritable
        /// More bytes than an answer may have, or bytes that are no HTTP.
        case badAnswer
        /// The Swift task was cancelled.
        case cancelled
        /// libcurl reports something else; see ``TransferError/message``.
        case other
    }

    package let code: Code
    /// What libcurl says of it, without secrets.
    package let message: String

    static let cancelled = TransferError(code: .cancelled, message: "the task was cancelled")

    init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    init(_ status: CURLcode) {
        self.code =
            switch status {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
                .unreachable
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SSL_CONNECT_ERROR,
                CURLE_SEND_FAIL_REWIND, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_UPLOAD_FAILED:
                .cut
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
                CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS:
                .untrusted
            case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_WRITE_ERROR: .badAnswer
            default: .other
            }
        self.message = unsafe String(cString: curl_easy_strerror(status))
    }

    /// Returns when `status` is success, and throws otherwise.
    static func check(_ status: CURLcode) throws(TransferError) {
        guard status == CURLE_OK else { throw TransferError(status) }
    }
}
