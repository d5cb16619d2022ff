/// One answer to ListObjectsV2: at most 1,000 keys.
///
/// Source: Amazon S3 API Reference, "ListObjectsV2".
struct ListingPage: Hashable, Sendable {
    let keys: [String]
    /// Where the next page starts; `nil` after the last one.
    let continuation: String?

    /// - Throws: ``S3Failure`` when the answer is no listing, or only a part of one.
    init(_ body: [UInt8]) throws(S3Failure) {
        guard let root = XMLElement(parsing: body), root.name == "ListBucketResult" else {
            throw .notUnderstood("a listing")
        }
        // A server that does not know `encoding-type` sends keys as they are, and does not echo it.
        let isEncoded = root.child("EncodingType")?.text == "url"
        var keys: [String] = []
        for entry in root.children where entry.name == "Contents" {
            guard let text = entry.child("Key")?.text, let key = isEncoded ? percentDecoded(text) : text else {
                throw .notUnderstood("a listing with readable keys")
            }
            keys.append(key)
        }
        self.keys = keys
        guard root.child("IsTruncated")?.text == "true" else {
            self.continuation = nil
            return
        }
        guard let continuation = root.child("NextContinuationToken")?.text, !continuation.isEmpty else {
            throw .notUnderstood("a listing that can be continued")
        }
        self.continuation = continuation
    }
}
