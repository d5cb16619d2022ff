internal import Blocking
internal import Glibc
internal import Tracing

/// One S3 operation, before it is signed.
struct S3Request: Sendable {
    let method: TransferRequest.Method
    /// `nil` for the bucket itself.
    var key: String?
    var query: [RequestField] = []
    var headers: [RequestField] = []
    var upload: UploadBody?
    var download: OpenFile?
}

/// Signs requests, sends them on a fixed number of connections, and repeats what failed for a passing reason.
struct S3Client: Sendable {
    let address: S3Address
    private let signature: SignatureV4
    private let threads: BlockingThreadPool<CurlHandle>
    private let observer: S3Activity.Observer

    /// - Throws: ``BlobError`` with `.refused` when a setting is malformed or its file of authorities cannot be read.
    init(
        settings: S3Settings, connections: Int, limits: TransferLimits, observer: @escaping S3Activity.Observer
    ) throws(BlobError) {
        // libcurl itself notices only when it connects, and then as a server that is away.
        if let caFile = settings.caFile, unsafe access(caFile, R_OK) != 0 {
            throw BlobError(code: .refused, subject: caFile, message: "the TLS authority file cannot be read")
        }
        self.address = try S3Address(settings)
        self.observer = observer
        self.signature = SignatureV4(
            accessKeyID: settings.accessKeyID, secretAccessKey: settings.secretAccessKey, region: settings.region)
        do {
            self.threads = try BlockingThreadPool(count: connections, label: "http") { () throws(TransferError) in
                try CurlHandle(limits: limits, caFile: settings.caFile)
            }
        } catch {
            throw S3Failure(error).blobError(subject: "libcurl")
        }
    }

    /// What `read` makes of the answer, whose status is 2xx or one that the caller expects.
    ///
    /// - Throws: ``S3Failure`` after the last attempt.
    func send<Answer>(
        _ request: S3Request, retrying policy: RetryPolicy, expecting expected: Set<Int> = [],
        read: (TransferResponse) throws(S3Failure) -> Answer
    ) async throws(S3Failure) -> Answer {
        let retrier = Retrier(
            policy: policy, clock: ContinuousClock(), random: { Double.random(in: 0..<1) },
            onRetry: { self.observer(.retry) })
        return try await retrier.run { remaining throws(S3Failure) in
            // Signed anew each time: a signature is valid for minutes only.
            let transfer = self.signed(request, at: .now)
            let response = try await self.perform(transfer, within: remaining)
            guard (200..<300).contains(response.status) || expected.contains(response.status) else {
                throw S3Failure(response)
            }
            return try read(response)
        }
    }

    /// A URL by which anyone can read the object for a while.
    func presignedURL(of key: String, validFor seconds: Int, at time: SigningTime) -> String {
        let path = self.address.path(of: key)
        let content = SignatureV4.Content(
            method: TransferRequest.Method.get.rawValue, path: path,
            headers: [RequestField(name: "host", value: self.address.host)], payloadHash: "UNSIGNED-PAYLOAD")
        return self.address.url(
            path: path, query: self.signature.presignedQuery(for: content, validFor: seconds, at: time))
    }

    /// Runs `body`, which reads a file, on one of the client's threads.
    func read<Success: Sendable>(
        _ subject: String, _ body: @escaping @Sendable (Cancellation) throws(SystemCallError) -> Success
    ) async throws(BlobError) -> Success {
        do {
            return try await self.threads.run(orWhenDropped: SystemCallError.cancelled) {
                _, cancellation throws(SystemCallError) in
                try body(cancellation)
            }
        } catch {
            throw error.unreadable(subject: subject)
        }
    }

    /// Opens a file on one of the client's threads.
    func open(_ path: String) async throws(BlobError) -> (file: OpenFile, byteCount: Int64) {
        try await self.read(path) { _ throws(SystemCallError) in
            let file = try OpenFile.reading(path)
            return (file, try file.status().byteCount)
        }
    }

    /// Opens a file for an answer on one of the client's threads.
    func openForWriting(_ path: String) async throws(BlobError) -> OpenFile {
        do {
            return try await self.threads.run(orWhenDropped: SystemCallError.cancelled) {
                _, _ throws(SystemCallError) in
                try OpenFile.writing(path)
            }
        } catch {
            throw error.blobError(subject: path)
        }
    }

    private func perform(
        _ request: TransferRequest, within limit: Duration
    ) async throws(S3Failure) -> TransferResponse {
        self.observer(.request)
        // Each attempt has its own.
        let span = startSpan("s3 \(request.method.rawValue)", ofKind: .client)
        defer { span.end() }
        do {
            let response = try await self.threads.run(orWhenDropped: TransferError.cancelled) {
                handle, cancellation throws(TransferError) in
                try handle.perform(request, within: limit, until: cancellation)
            }
            span.attributes["http.response.status_code"] = response.status
            self.report(request, response)
            return response
        } catch {
            span.recordError(error)
            throw S3Failure(error)
        }
    }

    private func report(_ request: TransferRequest, _ response: TransferResponse) {
        self.observer(
            .transfer(
                bytesSent: request.upload?.byteCount ?? 0,
                bytesReceived: response.downloaded?.byteCount ?? Int64(response.body.count)))
    }

    private func signed(_ request: S3Request, at time: SigningTime) -> TransferRequest {
        let path = self.address.path(of: request.key)
        let payloadHash = request.upload?.sha256 ?? SignatureV4.emptyPayloadHash
        let headers =
            request.headers + [
                RequestField(name: "x-amz-content-sha256", value: payloadHash),
                RequestField(name: "x-amz-date", value: time.stamp),
            ]
        let content = SignatureV4.Content(
            method: request.method.rawValue, path: path, query: request.query,
            // libcurl writes the host itself, from the URL.
            headers: headers + [RequestField(name: "host", value: self.address.host)], payloadHash: payloadHash)
        let authorization = RequestField(
            name: "Authorization", value: self.signature.authorization(for: content, at: time))
        return TransferRequest(
            method: request.method,
            url: self.address.url(path: path, query: SignatureV4.canonicalQuery(request.query)),
            headers: headers + [authorization], upload: request.upload, download: request.download)
    }
}
