/// Uploads in parts that were begun and neither completed nor abandoned.
struct PendingUploads: Sendable {
    let client: S3Client
    let policy: RetryPolicy

    func entries(startingWith prefix: String) async throws(BlobError) -> [UploadListing.Entry] {
        var entries: [UploadListing.Entry] = []
        var query = [RequestField(name: "uploads", value: ""), RequestField(name: "prefix", value: prefix)]
        while true {
            let request = S3Request(method: .get, query: query)
            let page = try await self.send(request, subject: prefix) { response throws(S3Failure) in
                // Some servers have no listing when there is no upload.
                response.status == 404 ? .empty : try UploadListing(response.body)
            }
            entries += page.entries
            guard let next = page.next else { return entries }
            query = [
                RequestField(name: "uploads", value: ""), RequestField(name: "prefix", value: prefix),
                RequestField(name: "key-marker", value: next.key),
                RequestField(name: "upload-id-marker", value: next.id),
            ]
        }
    }

    func parts(of upload: UploadListing.Entry) async throws(BlobError) -> [PartListing.Entry] {
        var entries: [PartListing.Entry] = []
        var marker: String?
        repeat {
            var query = [RequestField(name: "uploadId", value: upload.id)]
            if let marker { query.append(RequestField(name: "part-number-marker", value: marker)) }
            let request = S3Request(method: .get, key: upload.key, query: query)
            let page = try await self.send(request, subject: upload.key) { response throws(S3Failure) in
                response.status == 404 ? .empty : try PartListing(response.body)
            }
            entries += page.entries
            marker = page.next
        } while marker != nil
        return entries
    }

    /// Harmless when the upload has gone meanwhile.
    func abort(_ upload: UploadListing.Entry) async throws(BlobError) {
        let request = S3Request(
            method: .delete, key: upload.key, query: [RequestField(name: "uploadId", value: upload.id)])
        do {
            try await self.client.send(request, retrying: self.policy, expecting: [404]) { _ in }
        } catch {
            throw error.blobError(subject: upload.key)
        }
    }

    private func send<Answer>(
        _ request: S3Request, subject: String, read: (TransferResponse) throws(S3Failure) -> Answer
    ) async throws(BlobError) -> Answer {
        do {
            return try await self.client.send(request, retrying: self.policy, expecting: [404], read: read)
        } catch {
            throw error.blobError(subject: subject)
        }
    }
}
