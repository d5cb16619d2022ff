import Testing

@testable import ObjectStore

@Suite struct S3SettingsTests {
    private static func settings(_ endpoint: String?, bucket: String = "clips", pathStyle: Bool) -> S3Settings {
        S3Settings(
            endpoint: endpoint, region: "eu-west-1", accessKeyID: "AKIAKEYKEY", secretAccessKey: "s3cr3ts3cr3t",
            bucket: bucket, pathStyle: pathStyle)
    }

    static let places: [(endpoint: String?, pathStyle: Bool, url: String)] = [
        (nil, false, "https://clips.s3.eu-west-1.amazonaws.com/a%20b/c"),
        (nil, true, "https://s3.eu-west-1.amazonaws.com/clips/a%20b/c"),
        ("http://127.0.0.1:9000", true, "http://127.0.0.1:9000/clips/a%20b/c"),
        ("http://127.0.0.1:9000/", true, "http://127.0.0.1:9000/clips/a%20b/c"),
        ("https://S3.Example:443", false, "https://clips.s3.example/a%20b/c"),
        ("http://s3.example:80", true, "http://s3.example/clips/a%20b/c"),
        ("HTTPS://[::1]:9000", true, "https://[::1]:9000/clips/a%20b/c"),
    ]

    @Test(arguments: places)
    func objectIsWhereTheSettingsSay(place: (endpoint: String?, pathStyle: Bool, url: String)) throws {
        let store = try S3Store(settings: Self.settings(place.endpoint, pathStyle: place.pathStyle))
        #expect(store.location(of: "a b/c") == place.url)
    }

    static let malformed = [
        "", "minio:9000", "ftp://minio", "http://", "http://user:password@minio", "http://minio/path",
        "http://minio?x", "http://mi nio", "http://minio\r\nHost: other",
    ]

    @Test(arguments: malformed)
    func malformedEndpointIsRefused(endpoint: String) {
        let error = #expect(throws: BlobError.self) { try S3Store(settings: Self.settings(endpoint, pathStyle: true)) }
        #expect(error?.code == .refused)
        #expect(error?.description.contains("password") == false)
    }

    @Test(arguments: ["", "a/b", "a b", "a?b"])
    func malformedBucketIsRefused(bucket: String) {
        let error = #expect(throws: BlobError.self) {
            try S3Store(settings: Self.settings(nil, bucket: bucket, pathStyle: true))
        }
        #expect(error?.code == .refused)
    }

    @Test func descriptionsShowNoKey() {
        let settings = Self.settings("https://s3.example", pathStyle: true)
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), "\([settings])", dumped] {
            #expect(text.contains("clips"))
            #expect(!text.contains("s3cr3t"))
            #expect(!text.contains("AKIAKEYKEY"))
        }
    }

    @Test(arguments: [Duration.zero, .milliseconds(999), .seconds(604_801)])
    func presignedURLHasABoundedLife(validity: Duration) throws {
        let store = try S3Store(settings: Self.settings(nil, pathStyle: false))
        #expect(throws: BlobError.self) { try store.presignedURL(of: "a", validFor: validity) }
    }
}
