public import FoundationEssentials

/// Objects in one bucket of S3, or of a server that speaks its protocol.
///
/// Every request is signed with the SHA-256 of its body, so that a server which checks it refuses bytes that changed on
/// the way; what it stored is asked back. Transfers run on the store's own threads, as many at a time as it has
/// connections; further calls wait without holding a thread. A cancelled task ends its transfer within a second with
/// `.unavailable`.
public struct S3Store: BlobStore {
    private let client: S3Client
    private let bucket: String
    private let policy: RetryPolicy
    private let partPlan: PartPlan

    /// - Parameters:
    ///   - settings: where the bucket is and who asks.
    ///   - connections: how many transfers run at a time.
    /// - Throws: ``BlobError`` with `.refused` when a setting is malformed; the server is not asked.
    public init(settings: S3Settings, connections: Int = 4) throws(BlobError) {
        try self.init(settings: settings, connections: connections, observer: { _ in })
    }

    /// As ``init(settings:connections:)``, with an observer of requests, bytes and retries.
    package init(
        settings: S3Settings, connections: Int = 4, retrying policy: RetryPolicy = RetryPolicy(),
        observer: @escaping S3Activity.Observer
    ) throws(BlobError) {
        try self.init(
            settings: settings, connections: connections, retrying: policy, limits: TransferLimits(),
            observer: observer)
    }

    init(
        settings: S3Settings, connections: Int, retrying policy: RetryPolicy, limits: TransferLimits,
        partPlan: PartPlan = PartPlan(), observer: @escaping S3Activity.Observer = { _ in }
    ) throws(BlobError) {
        self.client = try S3Client(settings: settings, connections: connections, limits: limits, observer: observer)
        self.bucket = settings.bucket
        self.policy = policy
        self.partPlan = partPlan
    }

    /// Sends the file and asks back what is stored. Throws `.unreadable` when its SHA-256 is another.
    public func put(
        contentsOf path: String, at key: String, contentType: String, sha256: String
    ) async throws(BlobError) {
        try Self.check(key, contentType: contentType, sha256: sha256)
        let (file, byteCount) = try await self.client.open(path)
        // Other files are checked while they are sent.
        guard byteCount > 0 || sha256 == SignatureV4.emptyPayloadHash else {
            throw BlobError(code: .unreadable, subject: path, message: ObjectMetadata.digestMismatch)
        }
        if byteCount > self.partPlan.threshold {
            try await self.putInParts(file, byteCount, at: key, contentType: contentType, sha256: sha256)
        } else {
            let upload = UploadBody(source: .file(file, offset: 0), byteCount: byteCount, sha256: sha256)
            try await self.put(upload, at: key, contentType: contentType)
        }
        try await self.verify(key, byteCount: byteCount, sha256: sha256)
    }

    /// Sends the bytes. Throws `.unreadable` when they do not have the announced SHA-256.
    public func put(
        _ bytes: [UInt8], at key: String, contentType: String, sha256: String
    ) async throws(BlobError) {
        try Self.check(key, contentType: contentType, sha256: sha256)
        guard !bytes.isEmpty || sha256 == SignatureV4.emptyPayloadHash else {
            throw BlobError(code: .unreadable, subject: key, message: ObjectMetadata.digestMismatch)
        }
        try await self.put(
            UploadBody(source: .memory(bytes), byteCount: Int64(bytes.count), sha256: sha256), at: key,
            contentType: contentType)
    }

    private static func check(_ key: String, contentType: String, sha256: String) throws(BlobError) {
        _ = try ObjectKey(key)
        try ObjectMetadata(contentType: contentType, sha256: sha256).check(for: key)
    }

    private func put(_ upload: UploadBody, at key: String, contentType: String) async throws(BlobError) {
        let request = S3Request(
            method: .put, key: key, headers: Self.headers(contentType: contentType, sha256: upload.sha256),
            upload: upload)
        try await self.send(request, subject: key) { _ in }
    }

    /// What is not a copy of the announced file in the end is sent once more, without the parts of others.
    private func putInParts(
        _ file: OpenFile, _ byteCount: Int64, at key: String, contentType: String, sha256: String
    ) async throws(BlobError) {
        let digest = try await self.client.read(key) { cancellation throws(SystemCallError) in
            try ContentDigest.sha256(of: file, until: cancellation)
        }
        guard digest == sha256 else {
            throw BlobError(code: .unreadable, subject: key, message: ObjectMetadata.digestMismatch)
        }
        let upload = MultipartUpload(
            client: self.client, policy: self.policy, plan: self.partPlan, key: key, file: file, byteCount: byteCount,
            headers: Self.headers(contentType: contentType, sha256: sha256))
        try await upload.run(resuming: true)
        if try await self.information(of: key)?.sha256 != sha256 { try await upload.run(resuming: false) }
    }

    private static func headers(contentType: String, sha256: String) -> [RequestField] {
        [RequestField(name: "Content-Type", value: contentType), RequestField(name: Self.sha256Field, value: sha256)]
    }

    /// Writes the object's bytes to the file at `path`; `nil` when there is no object, and then the file is empty.
    public func download(_ key: String, to path: String) async throws(BlobError) -> BlobInformation? {
        let key = try ObjectKey(key).text
        let file = try await self.client.openForWriting(path)
        return try await self.send(
            S3Request(method: .get, key: key, download: file), subject: key, expecting: [404]
        ) { response throws(S3Failure) in
            guard response.status != 404 else { return nil }
            guard let downloaded = response.downloaded else { throw .notUnderstood("an object") }
            let kept = response.headers[Self.sha256Field].flatMap { isSHA256($0) ? $0 : nil }
            guard kept == nil || kept == downloaded.sha256 else { throw .otherBytes }
            return BlobInformation(
                byteCount: downloaded.byteCount, contentType: response.headers["content-type"],
                sha256: downloaded.sha256)
        }
    }

    /// `nil`: nothing lies on this machine.
    public func filePath(of key: String) -> String? { nil }

    /// What is stored at `key`; `nil` when nothing is.
    public func information(of key: String) async throws(BlobError) -> BlobInformation? {
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

    /// Removes the object; harmless when there is none.
    public func remove(_ key: String) async throws(BlobError) {
        let key = try ObjectKey(key).text
        do {
            try await self.client.send(S3Request(method: .delete, key: key), retrying: self.policy) { _ in }
        } catch let error where error.code == .unreadable {
            // S3 answers 204 when there is no object; other servers may say so.
        } catch {
            throw error.blobError(subject: key)
        }
    }

    /// Gives up uploads in parts that were not completed.
    public func removeLeftovers(of key: String) async throws(BlobError) {
        let pending = PendingUploads(client: self.client, policy: self.policy)
        for entry in try await pending.entries(startingWith: key) where entry.key == key {
            try await pending.abort(entry)
        }
    }

    /// Gives up uploads in parts that began more than a day ago: younger ones may continue.
    public func removeOrphans() async throws(BlobError) -> Int {
        let pending = PendingUploads(client: self.client, policy: self.policy)
        let old = try await pending.entries(startingWith: "").filter { $0.began(before: .now(minusSeconds: 86_400)) }
        for entry in old { try await pending.abort(entry) }
        return old.count
    }

    /// All keys that start with `prefix`, in ascending order of their bytes.
    public func keys(startingWith prefix: String) async throws(BlobError) -> [String] {
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
    public func checkReadiness() async throws(BlobError) { _ = try await self.ask() }

    /// By the `Date` of the server's answer.
    public func serverTime() async throws(BlobError) -> Date? { try await self.ask() }

    /// Asks for a listing of one key: needs the right endpoint, region, keys, bucket and clock. Never repeated.
    ///
    /// - Returns: the answer's `Date`.
    private func ask() async throws(BlobError) -> Date? {
        let request = S3Request(method: .get, query: Self.listing + [RequestField(name: "max-keys", value: "1")])
        var policy = self.policy
        policy.attempts = 1
        do {
            return try await self.client.send(request, retrying: policy) { response throws(S3Failure) in
                _ = try ListingPage(response.body)
                return response.date
            }
        } catch {
            throw error.blobError(subject: self.bucket)
        }
    }

    /// The object's URL, which needs keys to be read.
    public func location(of key: String) -> String {
        self.client.address.url(path: self.client.address.path(of: key))
    }

    /// A URL by which anyone can read the object for a while; signed here, the server is not asked.
    public func presignedURL(of key: String, validFor validity: Duration) throws(BlobError) -> String {
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
        RequestField(name: "list-type", value: "2"), RequestField(name: "encoding-type", value: "url"),
    ]

    private func page(prefix: String, continuation: String?) async throws(BlobError) -> ListingPage {
        var query = Self.listing + [RequestField(name: "prefix", value: prefix)]
        if let continuation { query.append(RequestField(name: "continuation-token", value: continuation)) }
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
