/// Sends HTTP requests whose bodies are small enough for memory, such as those to an inference server.
///
/// Every method may be called from any task; a request runs on threads of the implementation's own.
package protocol HTTPTransport: Sendable {
    /// Sends `request` once and returns the answer, whatever its status. Redirects are not followed.
    ///
    /// - Parameter limit: the longest that the whole transfer may take.
    /// - Throws: ``HTTPTransportError`` when no complete answer came; soon after the task's cancellation.
    func send(_ request: HTTPTransportRequest, within limit: Duration) async throws(HTTPTransportError)
        -> HTTPTransportResponse
}

package struct HTTPTransportRequest: Hashable, Sendable {
    /// Absolute, percent-encoded.
    package let url: String
    /// Names and values.
    package let headers: [String: String]
    /// Sent by `POST`; `nil` makes the request a `GET`.
    package let body: [UInt8]?

    package init(url: String, headers: [String: String] = [:], body: [UInt8]? = nil) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct HTTPTransportResponse: Hashable, Sendable {
    package let status: Int
    /// Names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]

    package init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why no HTTP answer came.
package struct HTTPTransportError: Error, Hashable, Sendable {
    package enum Code: Sendable {
        /// No connection, too slow, or cut in the middle: worth trying later or elsewhere.
        case unavailable
        /// The bytes that came are no answer, too many, or from somebody who is not trusted.
        case badAnswer
        case cancelled
    }

    package let code: Code
    /// What happened, without secrets.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
