import Crypto
import FoundationEssentials

/// AWS Signature Version 4 in one region: pure, the moment comes from outside.
///
/// Source: "AWS Signature Version 4 for API requests" in the IAM User Guide; S3's particulars (path encoded once,
/// never tidied) in the Amazon S3 API Reference, "Authenticating Requests".
struct SignatureV4: Sendable {
    let accessKeyID: String
    let secretAccessKey: String
    let region: String
    var service = "s3"

    /// What is signed of a request. Nothing is percent-encoded yet.
    struct Content: Sendable {
        var method: String
        var path: String
        var query: [RequestField] = []
        /// All fields that the signature covers, `host` among them.
        var headers: [RequestField]
        /// SHA-256 of the body in lower-case hexadecimal digits, or `UNSIGNED-PAYLOAD`.
        var payloadHash: String
    }

    static let algorithm = "AWS4-HMAC-SHA256"
    /// SHA-256 of no bytes.
    static let emptyPayloadHash = SHA256.hash(data: Data()).hexadecimalDigits

    /// The value of the `Authorization` header; `content` must hold the `x-amz-date` header of the same `time`.
    func authorization(for content: Content, at time: SigningTime) -> String {
        "\(Self.algorithm) Credential=\(self.accessKeyID)/\(self.scope(time)), "
            + "SignedHeaders=\(Self.signedHeaders(content)), Signature=\(self.signature(of: content, at: time))"
    }

    /// The query of a URL by which anyone can make the request until it expires.
    ///
    /// - Parameter seconds: how long it is valid; S3 allows 1…604,800.
    func presignedQuery(for content: Content, validFor seconds: Int, at time: SigningTime) -> String {
        var content = content
        content.query += [
            RequestField(name: "X-Amz-Algorithm", value: Self.algorithm),
            RequestField(name: "X-Amz-Credential", value: "\(self.accessKeyID)/\(self.scope(time))"),
            RequestField(name: "X-Amz-Date", value: time.stamp),
            RequestField(name: "X-Amz-Expires", value: String(seconds)),
            RequestField(name: "X-Amz-SignedHeaders", value: Self.signedHeaders(content)),
        ]
        let signature = self.signature(of: content, at: time)
        return "\(Self.canonicalQuery(content.query))&X-Amz-Signature=\(signature)"
    }

    /// Percent-encoded fields in the order of their bytes, as they are signed and sent.
    static func canonicalQuery(_ query: [RequestField]) -> String {
        query.map { (percentEncoded($0.name), percentEncoded($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0)=\($1)" }
            .joined(separator: "&")
    }
}

// MARK: - The steps of the algorithm

extension SignatureV4 {
    private func scope(_ time: SigningTime) -> String {
        "\(time.day)/\(self.region)/\(self.service)/aws4_request"
    }

    private static func canonicalHeaders(_ content: Content) -> [(name: String, value: String)] {
        content.headers.map { (name: $0.name.lowercased(), value: $0.value) }.sorted { $0.name < $1.name }
    }

    private static func signedHeaders(_ content: Content) -> String {
        self.canonicalHeaders(content).map(\.name).joined(separator: ";")
    }

    private static func canonicalRequest(_ content: Content) -> String {
        [
            content.method,
            percentEncoded(content.path, keepingSlashes: true),
            self.canonicalQuery(content.query),
            self.canonicalHeaders(content).map { "\($0.name):\($0.value)\n" }.joined(),
            self.signedHeaders(content),
            content.payloadHash,
        ].joined(separator: "\n")
    }

    private func signature(of content: Content, at time: SigningTime) -> String {
        let request = SHA256.hash(data: Data(Self.canonicalRequest(content).utf8)).hexadecimalDigits
        let text = [Self.algorithm, time.stamp, self.scope(time), request].joined(separator: "\n")
        var key = SymmetricKey(data: Data("AWS4\(self.secretAccessKey)".utf8))
        for step in [time.day, self.region, self.service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(step.utf8), using: key))
        }
        return HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).hexadecimalDigits
    }
}
