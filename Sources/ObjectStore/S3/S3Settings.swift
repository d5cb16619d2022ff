/// Where an S3 bucket is and who asks; its descriptions never show the secret.
package struct S3Settings: Hashable, Sendable {
    /// Scheme, host and perhaps port, such as `https://minio.example:9000`; `nil` for AWS in ``region``.
    package var endpoint: String?
    /// Part of every signature; what servers other than AWS mostly want to be `us-east-1`.
    package var region: String
    package var accessKeyID: String
    package var secretAccessKey: String
    package var bucket: String
    /// Whether the bucket is the first component of the path (`host/bucket/key`) instead of the first label of the
    /// host (`bucket.host/key`). Needed by most servers other than AWS, and for bucket names with dots over https.
    package var pathStyle: Bool
    /// Certificates (PEM) to trust instead of the system's.
    package var caFile: String?

    package init(
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
    package var description: String {
        "S3 bucket \(self.bucket) at \(self.endpoint ?? "AWS"), region \(self.region), keys redacted"
    }

    package var debugDescription: String { self.description }

    /// What `dump` and test failures show.
    package var customMirror: Mirror {
        Mirror(self, children: ["description": self.description], displayStyle: .struct)
    }
}
