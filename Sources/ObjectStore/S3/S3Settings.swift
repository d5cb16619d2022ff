/// Where an S3 bucket is and who asks; its descriptions never show the secret.
public struct S3Settings: Hashable, Sendable {
    /// Scheme, host and perhaps port, such as `https://minio.example:9000`; `nil` for AWS in ``region``.
    public var endpoint: String?
    /// Part of every signature; what servers other than AWS mostly want to be `us-east-1`.
    public var region: String
    /// Public name of the key.
    public var accessKeyID: String
    /// Signs requests and is never sent.
    public var secretAccessKey: String
    /// Name of the bucket, which must exist.
    public var bucket: String
    /// Whether the bucket is the first component of the path (`host/bucket/key`) instead of the first label of the
    /// host (`bucket.host/key`). Needed by most servers other than AWS, and for bucket names with dots over https.
    public var pathStyle: Bool
    /// Certificates (PEM) to trust instead of the system's.
    public var caFile: String?

    /// Settings that are checked when a store is made of them.
    public init(
        endpoint: String?, region: String = "us-east-1", accessKeyID: String, secretAccessKey: String, bucket: String,
        pathStyle: Bool, caFile: String? = nil
    ) {
        self.endpoint = endpoint
        self.region = region
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.bucket = bucket
        self.pathStyle = pathStyle
        self.caFile = caFile
    }
}

extension S3Settings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where the bucket is, without keys.
    public var description: String {
        "S3 bucket \(self.bucket) at \(self.endpoint ?? "AWS"), region \(self.region), keys redacted"
    }

    /// As ``description``.
    public var debugDescription: String { self.description }

    /// What `dump` and test failures show.
    public var customMirror: Mirror {
        Mirror(self, children: ["description": self.description], displayStyle: .struct)
    }
}
