/// The fields of one request, whichever of the three encodings it came in.
///
/// Every name occurs once; every value is text. What a field means is decided by who reads it. The caller bounds the
/// body (64 KiB here), and the work is linear in its size.
package struct RequestForm: Hashable, Sendable {
    package let fields: [String: String]

    /// Reads `multipart/form-data` (RFC 7578), `application/x-www-form-urlencoded` (WHATWG URL) or
    /// `application/json` (RFC 8259).
    ///
    /// - Parameters:
    ///   - contentType: the header's value; without one, only an empty body is taken, as a form without fields.
    ///   - body: all of it.
    /// - Throws: ``RequestFormError``.
    package init(contentType: String?, body: [UInt8]) throws(RequestFormError) {
        guard let contentType else {
            guard body.isEmpty else { throw .unsupportedType("the request does not say its Content-Type") }
            self.fields = [:]
            return
        }
        guard let type = MediaType(contentType) else {
            throw .unsupportedType("the Content-Type cannot be read")
        }
        try Self.checkCharacterSet(of: type)
        self.fields =
            switch type.name {
            case "multipart/form-data": try MultipartBody.fields(of: body, type: type)
            case "application/x-www-form-urlencoded": try URLEncodedBody.fields(of: body)
            case "application/json": try JSONBody.fields(of: body)
            default:
                throw .unsupportedType(
                    "send multipart/form-data, application/x-www-form-urlencoded or application/json")
            }
    }

    private static func checkCharacterSet(of type: MediaType) throws(RequestFormError) {
        guard let name = type.parameters["charset"]?.lowercased() else { return }
        guard ["utf-8", "utf8", "us-ascii"].contains(name) else {
            throw .unsupportedType("the charset must be UTF-8")
        }
    }
}
