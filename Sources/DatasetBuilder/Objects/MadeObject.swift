internal import ObjectStore
internal import Domain

/// An object that is to be stored, with its bytes.
struct MadeObject: Sendable {
    let object: DatasetObject
    let bytes: [UInt8]

    init(_ bytes: [UInt8], key: String, type: ContentType) {
        self.bytes = bytes
        self.object = DatasetObject(
            key: key, contentType: type.rawValue, byteCount: Int64(bytes.count),
            sha256: ContentDigest.sha256(of: bytes))
    }

    /// The content types of datasets' objects.
    enum ContentType: String {
        case jpeg = "image/jpeg"
        case text = "text/plain; charset=utf-8"
        case zip = "application/zip"
        case jsonLines = "application/jsonl"
    }
}
