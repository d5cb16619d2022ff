/// `[S3]`: where objects lie.
package enum StorageSettings: Hashable, Sendable {
    /// A bucket of AWS or of a server that speaks its protocol.
    case bucket(BucketSettings)
    /// A directory that stands in for it, absolute; used when there are no keys.
    case directory(String)

    init(_ values: SectionValues<S3Keys>, folders: FolderSettings) throws(ConfigurationError) {
        switch (try values.accessKeyID, try values.secretAccessKey) {
        case (let id?, let secret?):
            self = .bucket(try BucketSettings(values, accessKeyID: id, secretAccessKey: secret, folders: folders))
        case (nil, nil):
            self = .directory(folders.resolve(try values.directory))
        case (_?, nil):
            throw values.conflict(about: \.accessKeyID, "needs a secret_access_key beside it")
        case (nil, _?):
            throw values.conflict(about: \.secretAccessKey, "needs an access_key_id beside it")
        }
    }
}

/// How a bucket is reached.
package struct BucketSettings: Hashable, Sendable {
    /// URL without a slash at its end; `nil` for AWS.
    package let endpoint: String?
    package let region: String
    package let accessKeyID: String
    package let secretAccessKey: Secret
    package let bucketName: String
    /// Whether the bucket stands in the path rather than in the host name.
    package let usesPathStyle: Bool
    /// PEM file, absolute; `nil` trusts the system's authorities.
    package let caFile: String?

    /// What other servers than AWS sign with unless they were told a region.
    private static let regionOfOtherServers = "us-east-1"

    init(
        _ values: SectionValues<S3Keys>, accessKeyID: String, secretAccessKey: Secret, folders: FolderSettings
    ) throws(ConfigurationError) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.endpoint = try values.endpoint
        self.usesPathStyle = try values.pathStyle ?? (self.endpoint != nil)
        self.caFile = try values.caFile.map(folders.resolve)
        guard let bucketName = try values.bucketName else {
            throw values.conflict(about: \.bucketName, "is needed when access_key_id is set")
        }
        self.bucketName = bucketName
        guard let region = try values.region ?? (self.endpoint == nil ? nil : Self.regionOfOtherServers) else {
            throw values.conflict(about: \.region, "is needed for AWS; set it, or endpoint for a server of your own")
        }
        self.region = region
    }
}
