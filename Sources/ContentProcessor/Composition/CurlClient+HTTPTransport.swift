package import Domain
package import ObjectStore

/// Inference servers are asked through the object store's libcurl: neither module knows the other.
extension CurlClient: HTTPTransport {
    package func send(
        _ request: HTTPTransportRequest, within limit: Duration
    ) async throws(HTTPTransportError) -> HTTPTransportResponse {
        do {
            let answer = try await self.send(request.body, to: request.url, headers: request.headers, within: limit)
            return HTTPTransportResponse(status: answer.status, headers: answer.headers, body: answer.body)
        } catch {
            throw HTTPTransportError(error)
        }
    }
}

extension HTTPTransportError {
    fileprivate init(_ error: TransferError) {
        let code: Code =
            switch error.code {
            case .unreachable, .timedOut, .cut: .unavailable
            case .cancelled: .cancelled
            case .untrusted, .fileUnreadable, .fileUnwritable, .badAnswer, .other: .badAnswer
            }
        self.init(code: code, message: error.message)
    }
}
