package import Annotation

/// Objects in one bucket of S3, or of a server that speaks its protocol.
///
/// Every request is signed with the SHA-256 of its body, so that a server which checks it refuses bytes that changed on
/// the way; what it stored is asked back. Transfers run on the store's own threads, as many at a time as it has
/// connections; further calls wait without holding a thread. A cancelled task ends its transfer within a second with
/// `.unavailable`.
package struct S3Store: BlobStore {
    private let client: S3Client
    private let bucket: String
    private let policy: RetryPolicy

    /// - Parameter connections: how many transfers run at a time.
    /// - Throws: ``BlobError`` with `.refused` when a setting is malformed; the server is not asked.
    package init(
        settings: S3Settings, connections: Int = 4, retrying policy: RetryPolicy = RetryPolicy()
    ) throws(BlobError) {
        try self.init(settings: settings, connections: connections, retrying: policy, limits: TransferLimits())
    }

    init(
        settings: S3Settings, connections: Int, retrying policy: RetryPolicy, limits: TransferLimits
    ) throws(BlobError) {
        self.client = try S3Client(settings: settings, connections: connections, limits: limits)
        self.bucket = settings.bucket
        self.policy = policy
    }

    /// The largest file that one request may upload, in bytes; S3's limit.
    private static let greatestByteCount: Int64 = 5 << 30

    package func put(
        contentsOf path: String, at key: String, contentType: String, sha256: String
    ) async throws(BlobError) {
        let key = try ObjectKey(key).text
        try ObjectMetadata(contentType: contentType, sha256: sha256).check(for: key)
        let upload = try await self.client.open(path, sha256: sha256)
        guard upload.byteCount <= Self.greatestByteCount else {
            throw BlobError(code: .refused, subject: key, message: "the file is larger than 5 GiB")
        }
        // Other files are checked while they are sent.
        guard upload.byteCount > 0 || sha256 == SignatureV4.emptyPayloadHash else {
            throw BlobError(code: .unreadable, subject: path, message: ObjectMetadata.digestMismatch)
        }
        let request = S3Request(
            method: .put, key: key,
            headers: [
                HTTPField(name: "Content-Type", value: contentType),
                HTTPField(name: Self.sha256Field, value: sha256),
            ],
            upload: upload)
        try await self.send(request, subject: key) { _ in }
        try await self.verify(key, byteCount: upload.byteCount, sha256: sha256)
    }

    package func information(of key: String) async throws(BlobError) -> BlobInformation? {
        let key = try ObjectKey(key).text
        return try await self.send(S3Request(method: .head, key: key), subject: key, expecting: [404]) {
            response throws(S3Failure) in
            guard response.status != 404 else { return nil }
            guard let byteCount = response.headers["content-length"].flatMap({ Int64($0) }) else {
                throw .notUnderstood("a description of an object")
            }
            return BlobInformation(
                byteCount: byteCount, contentType: response.headers["content-type"],
                sha256: response.headers[Self.sha256Field].flatMap { isSHA256($0) ? $0 : nil })
        }
    }

    package func remove(_ key: String) async throws(BlobError) {
        let key = try ObjectKey(key).text
        do {
            try await self.client.send(S3Request(method: .delete, key: key), retrying: self.policy) { _ in }
        } catch let error where error.code == .unreadable {
            // S3 answers 204 when there is no object; other servers may say so.
        } catch {
            throw error.blobError(subject: key)
        }
    }

    /// Nothing to do: an upload is one request, of which an interrupted one leaves nothing.
    package func removeRemains(of key: String) async throws(BlobError) {}

    /// As ``removeRemains(of:)``.
    package func removeOrphans() async throws(BlobError) -> Int { 0 }

    package func keys(startingWith prefix: String) async throws(BlobError) -> [String] {
        var keys: [String] = []
        var continuation: String?
        repeat {
            let page = try await self.page(prefix: prefix, continuation: continuation)
            keys += page.keys
            continuation = page.continuation
        } while continuation != nil
        // S3 sorts, some of its kin do not.
        return keys.sorted(by: precedesInBytes)
    }

    /// Asks for a listing of one key: needs the right endpoint, region, keys, bucket and clock. Never repeated.
    package func checkReadiness() async throws(BlobError) {
        let request = S3Request(method: .get, query: Self.listing + [HTTPField(name: "max-keys", value: "1")])
        var policy = self.policy
        policy.attempts = 1
        do {
            try await self.client.send(request, retrying: policy) { response throws(S3Failure) in
                _ = try ListingPage(response.body)
            }
        } catch {
            throw error.blobError(subject: self.bucket)
        }
    }

    package func location(of key: String) -> String {
        self.client.address.url(path: self.client.address.path(of: key))
    }

    /// A URL by which anyone can read the object for a while, without keys.
    ///
    /// - Parameter validity: rounded down to whole seconds, 1 second to 7 days.
    /// - Throws: ``BlobError`` with `.refused` for other durations or a malformed key; the server is not asked.
    package func presignedURL(of key: String, validFor validity: Duration) throws(BlobError) -> String {
        let key = try ObjectKey(key).text
        let seconds = Int(validity.components.seconds)
        guard (1...604_800).contains(seconds) else {
            throw BlobError(code: .refused, subject: key, message: "a presigned URL is valid for 1 second to 7 days")
        }
        return self.client.presignedURL(of: key, validFor: seconds, at: .now)
    }
}

extension S3Store {
    /// In lower case, as answers are read; servers give it back in any case.
    private static let sha256Field = "x-amz-meta-sha256"

    private static let listing = [
        HTTPField(name: "list-type", value: "2"), HTTPField(name: "encoding-type", value: "url"),
    ]

    private func page(prefix: String, continuation: String?) async throws(BlobError) -> ListingPage {
        var query = Self.listing + [HTTPField(name: "prefix", value: prefix)]
        if let continuation { query.append(HTTPField(name: "continuation-token", value: continuation)) }
        return try await self.send(S3Request(method: .get, query: query), subject: self.bucket) {
            response throws(S3Failure) in
            try ListingPage(response.body)
        }
    }

    /// Asks back what the server says it has stored: a proxy's "200" is not yet an object.
    private func verify(_ key: String, byteCount: Int64, sha256: String) async throws(BlobError) {
        let stored = try await self.information(of: key)
        guard stored?.byteCount == byteCount, stored?.sha256 == sha256 else {
            throw BlobError(
                code: .unavailable, subject: key,
                message: "the server acknowledged the upload, but does not hold what was sent")
        }
    }

    private func send<Answer>(
        _ request: S3Request, subject: String, expecting expected: Set<Int> = [],
        read: (TransferResponse) throws(S3Failure) -> Answer
    ) async throws(BlobError) -> Answer {
        do {
            return try await self.client.send(request, retrying: self.policy, expecting: expected, read: read)
        } catch {
            throw error.blobError(subject: subject)
        }
    }
}
