import Domain
import Testing

@testable import ObjectStore

@Suite struct S3MeterTests {
    @Test func attemptsBytesAndRetriesAreCounted() async throws {
        let listing = "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>"
        let server = ScriptedServer { number, _ in
            number < 3 ? .answer(status: 503) : .answer(status: 200, body: listing)
        }
        let settings = S3Settings(
            endpoint: server.endpoint, accessKeyID: "AKIATEST", secretAccessKey: "s3cr3t", bucket: "bucket",
            pathStyle: true)
        let meter = WorkMeter()
        let store = try S3Store(
            settings: settings, retrying: RetryPolicy(firstDelay: .milliseconds(1)), meter: meter)
        #expect(try await store.keys(startingWith: "") == ["a"])
        let sums = meter.take()
        #expect(sums[.s3Requests] == ["all": 3])
        #expect(sums[.s3Retries] == ["all": 2])
        #expect(sums[.s3BytesSent] == ["all": 0])
        #expect(sums[.s3BytesReceived] == ["all": Double(listing.utf8.count)])
        #expect(meter.take().isEmpty)
    }
}
