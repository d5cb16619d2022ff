import Crypto

/// Uploads one large file in parts, and continues where an interrupted upload of the same file stopped.
struct MultipartUpload: Sendable {
    let client: S3Client
    let policy: RetryPolicy
    let plan: PartPlan
    let key: String
    let file: OpenFile
    let byteCount: Int64
    /// `Content-Type` and what is kept with the object.
    let headers: [RequestField]

    /// Parts in transfer at a time.
    private static let concurrency = 3

    /// - Parameter resuming: whether parts of an earlier attempt may be used.
    func run(resuming: Bool) async throws(BlobError) {
        let parts = self.plan.parts(of: self.byteCount)
        let (id, present) = try await self.begin(parts, resuming: resuming)
        var tags = present
        let missing = parts.filter { tags[$0.number] == nil }
        for (number, tag) in try await self.send(missing, of: id) { tags[number] = tag }
        try await self.complete(id, parts.map { ($0.number, tags[$0.number] ?? "") })
    }

    /// An upload that was begun before and holds nothing but right parts, else a new one.
    private func begin(
        _ parts: [PartPlan.Part], resuming: Bool
    ) async throws(BlobError) -> (id: String, tags: [Int: String]) {
        let pending = PendingUploads(client: self.client, policy: self.policy)
        for entry in try await pending.entries(startingWith: self.key) where entry.key == self.key {
            let present = try await pending.parts(of: entry)
            if resuming, !present.isEmpty, let tags = try await self.matching(present, of: parts) {
                return (entry.id, tags)
            }
            try await pending.abort(entry)
        }
        let request = S3Request(
            method: .post, key: self.key, query: [RequestField(name: "uploads", value: "")], headers: self.headers)
        let id = try await self.send(request) { response throws(S3Failure) in
            guard let id = XMLElement(parsing: response.body)?.child("UploadId")?.text, !id.isEmpty else {
                throw .notUnderstood("the beginning of an upload")
            }
            return id
        }
        return (id, [:])
    }

    /// The tags of the parts that are there; `nil` when one of them is of another file.
    private func matching(
        _ present: [PartListing.Entry], of parts: [PartPlan.Part]
    ) async throws(BlobError) -> [Int: String]? {
        var tags: [Int: String] = [:]
        for entry in present {
            guard let part = parts.first(where: { $0.number == entry.number }), part.byteCount == entry.byteCount,
                try await self.client.digests(of: self.file, part).md5 == entry.tag
            else { return nil }
            tags[entry.number] = entry.tag
        }
        return tags
    }

    private func send(_ parts: [PartPlan.Part], of id: String) async throws(BlobError) -> [(Int, String)] {
        do {
            return try await withThrowingTaskGroup(of: (Int, String).self) { group in
                var tags: [(Int, String)] = []
                for (position, part) in parts.enumerated() {
                    if position >= Self.concurrency, let sent = try await group.next() { tags.append(sent) }
                    group.addTask { (part.number, try await self.send(part, of: id)) }
                }
                for try await sent in group { tags.append(sent) }
                return tags
            }
        } catch let error as BlobError {
            throw error
        } catch {
            throw BlobError(code: .unavailable, subject: self.key, message: "\(error)")
        }
    }

    private func send(_ part: PartPlan.Part, of id: String) async throws(BlobError) -> String {
        let digests = try await self.client.digests(of: self.file, part)
        let request = S3Request(
            method: .put, key: self.key,
            query: [
                RequestField(name: "partNumber", value: "\(part.number)"), RequestField(name: "uploadId", value: id),
            ],
            upload: UploadBody(
                source: .file(self.file, offset: part.offset), byteCount: part.byteCount, sha256: digests.sha256))
        return try await self.send(request) { response throws(S3Failure) in
            guard let tag = response.headers["etag"] else { throw .notUnderstood("a part's tag") }
            return tag.unquoted
        }
    }

    private func complete(_ id: String, _ tags: [(number: Int, tag: String)]) async throws(BlobError) {
        let parts = tags.map { "<Part><PartNumber>\($0.number)</PartNumber><ETag>\"\($0.tag)\"</ETag></Part>" }
        let body = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
        let request = S3Request(
            method: .post, key: self.key, query: [RequestField(name: "uploadId", value: id)],
            headers: [RequestField(name: "Content-Type", value: "application/xml")],
            upload: UploadBody(
                source: .memory(body), byteCount: Int64(body.count), sha256: ContentDigest.sha256(of: body)))
        try await self.send(request) { response throws(S3Failure) in
            // S3 may begin with status 200 and fail later.
            guard XMLElement(parsing: response.body)?.name == "CompleteMultipartUploadResult" else {
                throw S3Failure(response)
            }
        }
    }

    private func send<Answer>(
        _ request: S3Request, read: (TransferResponse) throws(S3Failure) -> Answer
    ) async throws(BlobError) -> Answer {
        do {
            return try await self.client.send(request, retrying: self.policy, read: read)
        } catch {
            throw error.blobError(subject: self.key)
        }
    }
}

extension S3Client {
    struct PartDigests: Sendable {
        let md5: String
        let sha256: String
    }

    /// Reads a part on one of the client's threads.
    fileprivate func digests(of file: OpenFile, _ part: PartPlan.Part) async throws(BlobError) -> PartDigests {
        try await self.read("a part of the file") { cancellation throws(SystemCallError) in
            var (md5, sha256) = (Insecure.MD5(), SHA256())
            try unsafe ByteSource.file(file, offset: part.offset).forEachBlock(
                until: cancellation, limit: part.byteCount
            ) { block throws(SystemCallError) in
                unsafe md5.update(bufferPointer: block)
                unsafe sha256.update(bufferPointer: block)
            }
            return PartDigests(md5: md5.finalize().hexadecimalDigits, sha256: sha256.finalize().hexadecimalDigits)
        }
    }
}

/// How a large file is cut into the parts of a multipart upload: the same file always in the same way, so that an
/// interrupted upload can continue.
struct PartPlan: Hashable, Sendable {
    /// Bytes from which on files go up in parts.
    var threshold: Int64 = 64 << 20
    /// Bytes of a part, for files that this does not cut into too many.
    var partByteCount: Int64 = 16 << 20

    /// S3 allows 10,000; some of its kin fewer.
    private static let greatestCount: Int64 = 9_000

    struct Part: Hashable, Sendable {
        /// From 1.
        let number: Int
        let offset: Int64
        let byteCount: Int64
    }

    /// - Parameter byteCount: of the file, above 0.
    func parts(of byteCount: Int64) -> [Part] {
        let unit: Int64 = 1 << 20
        let least = (byteCount / Self.greatestCount / unit + 1) * unit
        let size = max(self.partByteCount, least)
        return stride(from: 0, to: byteCount, by: Int64.Stride(size)).enumerated().map { index, offset in
            Part(number: index + 1, offset: offset, byteCount: min(size, byteCount - offset))
        }
    }
}
