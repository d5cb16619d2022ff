internal import Blocking

/// Plain HTTP for requests to other services, on a fixed number of connections.
package struct CurlClient: Sendable {
    private let threads: BlockingThreadPool<CurlHandle>

    /// - Parameters:
    ///   - connections: requests at the same moment; more wait.
    ///   - answerByteCount: longer answers are refused.
    /// - Throws: ``TransferError`` when libcurl does not start.
    package init(connections: Int, answerByteCount: Int) throws(TransferError) {
        var limits = TransferLimits()
        limits.answerByteCount = answerByteCount
        // Each request has its own limit; while a server computes, nothing moves.
        limits.slow = .seconds(600)
        // Not every server knows the question whether it wants the body.
        limits.continueWait = .milliseconds(20)
        self.threads = try BlockingThreadPool(count: connections, label: "http") { [limits] () throws(TransferError) in
            try CurlHandle(limits: limits, caFile: nil)
        }
    }

    /// Sends a request once and returns the answer, whatever its status. Redirects are not followed.
    ///
    /// - Parameters:
    ///   - body: sent by `POST`; `nil` makes the request a `GET`.
    ///   - url: absolute, percent-encoded.
    ///   - headers: names and values.
    ///   - limit: the longest that the whole transfer may take.
    /// - Throws: ``TransferError`` when no complete answer came; soon after the task's cancellation.
    package func send(
        _ body: [UInt8]?, to url: String, headers: [String: String], within limit: Duration
    ) async throws(TransferError) -> TransferResponse {
        let upload = body.map { body in
            UploadBody(
                source: .memory(body), byteCount: Int64(body.count), sha256: ContentDigest.sha256(of: body))
        }
        let transfer = TransferRequest(
            method: upload == nil ? .get : .post, url: url,
            headers: headers.map { RequestField(name: $0.key, value: $0.value) }, upload: upload)
        return try await self.threads.run(orWhenDropped: TransferError.cancelled) {
            handle, cancellation throws(TransferError) in
            try handle.perform(transfer, within: limit, until: cancellation)
        }
    }
}
