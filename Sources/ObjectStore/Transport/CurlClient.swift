package import Domain
internal import Blocking

/// Plain HTTP for requests to other services, on a fixed number of connections.
package struct CurlClient: HTTPTransport {
    private let threads: BlockingThreadPool<CurlHandle>

    /// - Parameters:
    ///   - connections: requests at the same moment; more wait.
    ///   - answerByteCount: longer answers are refused.
    /// - Throws: ``HTTPTransportError`` when libcurl does not start.
    package init(connections: Int, answerByteCount: Int) throws(HTTPTransportError) {
        var limits = TransferLimits()
        limits.answerByteCount = answerByteCount
        // Each request has its own limit; while a server computes, nothing moves.
        limits.slow = .seconds(600)
        // Not every server knows the question whether it wants the body.
        limits.continueWait = .milliseconds(20)
        do {
            self.threads = try BlockingThreadPool(count: connections, label: "http") {
                [limits] () throws(TransferError) in
                try CurlHandle(limits: limits, caFile: nil)
            }
        } catch {
            throw HTTPTransportError(error)
        }
    }

    package func send(
        _ request: HTTPTransportRequest, within limit: Duration
    ) async throws(HTTPTransportError) -> HTTPTransportResponse {
        let upload = request.body.map { body in
            UploadBody(
                source: .memory(body), byteCount: Int64(body.count), sha256: ContentDigest.sha256(of: body))
        }
        let transfer = TransferRequest(
            method: upload == nil ? .get : .post, url: request.url,
            headers: request.headers.map { RequestField(name: $0.key, value: $0.value) }, upload: upload)
        do {
            let response = try await self.threads.run(orWhenDropped: TransferError.cancelled) {
                handle, cancellation throws(TransferError) in
                try handle.perform(transfer, within: limit, until: cancellation)
            }
            return HTTPTransportResponse(status: response.status, headers: response.headers, body: response.body)
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
            default: .badAnswer
            }
        self.init(code: code, message: error.message)
    }
}
