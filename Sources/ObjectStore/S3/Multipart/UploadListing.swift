/// One page of ListMultipartUploads: uploads that were begun and neither completed nor abandoned.
///
/// Source: Amazon S3 API Reference, "ListMultipartUploads".
struct UploadListing: Sendable {
    struct Entry: Hashable, Sendable {
        let key: String
        let id: String
        /// ISO 8601 in UTC, as the server writes it; empty when it does not say.
        let initiated: String

        func began(before time: SigningTime) -> Bool {
            // Both are digits of the same order once the signs between them are left out.
            let digits = self.initiated.filter(\.isNumber).prefix(14)
            return digits.count == 14 && digits < time.stamp.filter(\.isNumber).prefix(14)
        }
    }

    let entries: [Entry]
    /// Where the next page starts: key and upload; `nil` after the last one.
    let next: (key: String, id: String)?

    static let empty = UploadListing(entries: [], next: nil)

    private init(entries: [Entry], next: (key: String, id: String)?) {
        self.entries = entries
        self.next = next
    }

    /// - Throws: ``S3Failure`` when the answer is no such listing.
    init(_ body: [UInt8]) throws(S3Failure) {
        guard let root = XMLElement(parsing: body), root.name == "ListMultipartUploadsResult" else {
            throw .notUnderstood("a listing of uploads")
        }
        self.entries = root.children.filter { $0.name == "UploadBody" }.compactMap { entry in
            guard let key = entry.child("Key")?.text, let id = entry.child("UploadId")?.text else { return nil }
            return Entry(key: key, id: id, initiated: entry.child("Initiated")?.text ?? "")
        }
        let key = root.child("NextKeyMarker")?.text ?? ""
        let isTruncated = root.child("IsTruncated")?.text == "true" && !key.isEmpty
        self.next = isTruncated ? (key, root.child("NextUploadIdMarker")?.text ?? "") : nil
    }
}

/// One page of ListParts.
///
/// Source: Amazon S3 API Reference, "ListParts".
struct PartListing: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        let number: Int
        let byteCount: Int64
        /// Without quotation marks; a part's MD5 with servers that do not encrypt by keys of their own.
        let tag: String
    }

    let entries: [Entry]
    /// The number after which the next page starts; `nil` after the last one.
    let next: String?

    static let empty = PartListing(entries: [], next: nil)

    private init(entries: [Entry], next: String?) {
        self.entries = entries
        self.next = next
    }

    /// - Throws: ``S3Failure`` when the answer is no such listing.
    init(_ body: [UInt8]) throws(S3Failure) {
        guard let root = XMLElement(parsing: body), root.name == "ListPartsResult" else {
            throw .notUnderstood("a listing of parts")
        }
        self.entries = root.children.filter { $0.name == "Part" }.compactMap { entry in
            guard let number = (entry.child("PartNumber")?.text).flatMap({ Int($0) }),
                let byteCount = (entry.child("Size")?.text).flatMap({ Int64($0) }), let tag = entry.child("ETag")?.text
            else { return nil }
            return Entry(number: number, byteCount: byteCount, tag: tag.unquoted)
        }
        let marker = root.child("NextPartNumberMarker")?.text ?? ""
        self.next = root.child("IsTruncated")?.text == "true" && !marker.isEmpty ? marker : nil
    }
}

extension String {
    /// An entity tag without its quotation marks.
    var unquoted: String { String(self.filter { (character: Character) in character != "\"" }) }
}
