import Foundation
import ObjectStore
import Testing

/// The real S3 server that the test script starts; the suite fails with a clear sentence without it.
enum Peer {
    static func settings() throws -> S3Settings {
        S3Settings(
            endpoint: try self.value("S3_TEST_ENDPOINT"), accessKeyID: try self.value("S3_TEST_ACCESS_KEY"),
            secretAccessKey: try self.value("S3_TEST_SECRET_KEY"), bucket: try self.value("S3_TEST_BUCKET"),
            pathStyle: true)
    }

    static func store(connections: Int = 4) throws -> S3Store {
        try S3Store(settings: self.settings(), connections: connections)
    }

    private static func value(_ name: String) throws -> String {
        try #require(
            ProcessInfo.processInfo.environment[name],
            """
            \(name) is not set: these tests need a real S3 server, such as `rclone serve s3`, and S3_TEST_ENDPOINT, \
            S3_TEST_ACCESS_KEY, S3_TEST_SECRET_KEY and S3_TEST_BUCKET.
            """)
    }
}
