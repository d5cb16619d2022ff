/// One object of a dataset version: a line of its manifest.
package struct DatasetObject: Hashable, Sendable, Codable {
    package let key: String
    package let contentType: String
    package let byteCount: Int64
    /// 64 lower-case hexadecimal digits.
    package let sha256: String

    package init(key: String, contentType: String, byteCount: Int64, sha256: String) {
        self.key = key
        self.contentType = contentType
        self.byteCount = byteCount
        self.sha256 = sha256
    }

    private enum CodingKeys: String, CodingKey {
        case key, contentType, sha256
        case byteCount = "size"
    }

    /// The manifest's line, with its line end; the same for the same object.
    package var manifestLine: String {
        let fields = [
            "\"contentType\":\(JSONText.string(self.contentType))", "\"key\":\(JSONText.string(self.key))",
            "\"sha256\":\"\(self.sha256)\"", "\"size\":\(self.byteCount)",
        ]
        return "{\(fields.joined(separator: ","))}\n"
    }
}
