/// Where the objects of one bucket are on the network.
struct S3Address: Hashable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// Host, and the port when it is not the scheme's own: what libcurl sends as `Host` and the signature covers.
    let host: String
    /// The bucket's path: `/bucket` in path style, empty otherwise. Not percent-encoded.
    let bucketPath: String

    /// - Throws: ``BlobError`` with `.refused` when a setting is malformed.
    init(_ settings: S3Settings) throws(BlobError) {
        guard !settings.bucket.isEmpty, settings.bucket.utf8.allSatisfy(Self.isBucketByte) else {
            throw BlobError(code: .refused, subject: "S3 bucket", message: "the bucket name is empty or malformed")
        }
        let endpoint = settings.endpoint ?? "https://s3.\(settings.region).amazonaws.com"
        guard let (scheme, host) = Self.split(endpoint) else {
            throw BlobError(
                code: .refused, subject: "S3 endpoint",
                message: "the endpoint must look like https://host or http://host:port")
        }
        self.scheme = scheme
        self.host = settings.pathStyle ? host : "\(settings.bucket).\(host)"
        self.bucketPath = settings.pathStyle ? "/\(settings.bucket)" : ""
    }

    /// The path of `key`, or of the bucket itself. Not percent-encoded.
    func path(of key: String?) -> String {
        guard let key else { return self.bucketPath.isEmpty ? "/" : self.bucketPath }
        return "\(self.bucketPath)/\(key)"
    }

    /// The URL as it goes over the wire.
    ///
    /// - Parameter query: percent-encoded and joined, or empty.
    func url(path: String, query: String = "") -> String {
        let url = "\(self.scheme)://\(self.host)\(percentEncoded(path, keepingSlashes: true))"
        return query.isEmpty ? url : "\(url)?\(query)"
    }

    /// `https://Host:443/` gives `https` and `host`; `nil` for what has a path, a query or a user.
    private static func split(_ endpoint: String) -> (scheme: String, host: String)? {
        for (scheme, ownPort) in [("https", ":443"), ("http", ":80")]
        where endpoint.lowercased().hasPrefix("\(scheme)://") {
            var host = endpoint.dropFirst(scheme.count + 3).lowercased()
            if host.hasSuffix("/") { host.removeLast() }
            if host.hasSuffix(ownPort) { host.removeLast(ownPort.count) }
            return !host.isEmpty && host.utf8.allSatisfy(Self.isHostByte) ? (scheme, host) : nil
        }
        return nil
    }

    private static func isBucketByte(_ byte: UInt8) -> Bool {
        isUnreserved(byte) && byte != UInt8(ascii: "~")
    }

    /// Letters, digits, `-`, `.`, and `:`, `[`, `]` for ports and IPv6.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        self.isBucketByte(byte) || [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")].contains(byte)
    }
}
