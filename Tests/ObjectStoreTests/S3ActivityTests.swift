import Synchronization
import Testing

@testable import ObjectStore

@Suite struct S3ActivityTests {
    private final class Log: Sendable {
        let activities = Mutex<[S3Activity]>([])
    }

    @Test func attemptsBytesAndRetriesAreObserved() async throws {
        let listing = "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>"
        let server = ScriptedServer { number, _ in
            number < 3 ? .answer(status: 503) : .answer(status: 200, body: listing)
        }
        let settings = S3Settings(
            endpoint: server.endpoint, accessKeyID: "AKIATEST", secretAccessKey: "s3cr3t", bucket: "bucket",
            pathStyle: true)
        let log = Log()
        let store = try S3Store(settings: settings, retrying: RetryPolicy(firstDelay: .milliseconds(1))) { activity in
            log.activities.withLock { $0.append(activity) }
        }
        #expect(try await store.keys(startingWith: "") == ["a"])
        let refused = S3Activity.transfer(bytesSent: 0, bytesReceived: 0)
        #expect(
            log.activities.withLock { $0 } == [
                .request, refused, .retry, .request, refused, .retry, .request,
                .transfer(bytesSent: 0, bytesReceived: Int64(listing.utf8.count)),
            ])
    }
}
