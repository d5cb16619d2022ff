import Foundation
import Synchronization
import Testing

@testable import ObjectStore

/// Servers and networks at their worst.
///
/// Bounds of time are wide, because all suites share the machine; without what is tested they would be minutes.
@Suite struct S3MisbehaviourTests {
    private static let quick = RetryPolicy(
        attempts: 4, firstDelay: .milliseconds(1), longestDelay: .milliseconds(4), limit: .seconds(20))

    private static func store(
        _ endpoint: String, connections: Int = 2, policy: RetryPolicy = quick, limits: TransferLimits = TransferLimits()
    ) throws -> S3Store {
        let settings = S3Settings(
            endpoint: endpoint, accessKeyID: "AKIATEST", secretAccessKey: "s3cr3t", bucket: "bucket", pathStyle: true)
        return try S3Store(settings: settings, connections: connections, retrying: policy, limits: limits)
    }

    private static let listing = ScriptedServer.Reply.answer(
        status: 200, body: "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>")

    static let passing: [ScriptedServer.Reply] = [
        .answer(status: 503, body: "<Error><Code>SlowDown</Code></Error>"), .answer(status: 500),
        .answer(status: 502, body: "<html>Bad Gateway</html>"), .answer(status: 504), .answer(status: 429),
        .answer(status: 400, body: "<Error><Code>RequestTimeout</Code></Error>"), .cut,
        .half(body: "<ListBucketResult>"), .answer(status: 200, body: "<html>Log in</html>"),
        .answer(status: 200, body: "<ListBucketResult><Contents>"),
    ]

    @Test(arguments: passing.indices)
    func passingTroubleIsRepeatedUntilItPasses(index: Int) async throws {
        let server = ScriptedServer { number, _ in number < 3 ? Self.passing[index] : Self.listing }
        #expect(try await Self.store(server.endpoint).keys(startingWith: "") == ["a"])
        #expect(server.requests.count == 3)
    }

    @Test func troubleThatStaysEndsAfterAllAttempts() async throws {
        let server = ScriptedServer { _, _ in .answer(status: 503) }
        let store = try Self.store(server.endpoint)
        let error = await #expect(throws: BlobError.self) { try await store.keys(startingWith: "") }
        #expect(error?.code == .unavailable)
        #expect(server.requests.count == 4)
    }

    static let lasting: [(status: Int, name: String, code: BlobError.Code)] = [
        (403, "SignatureDoesNotMatch", .denied), (403, "AccessDenied", .denied), (404, "NoSuchBucket", .denied),
        (400, "InvalidArgument", .refused), (301, "PermanentRedirect", .denied), (507, "XMinioStorageFull", .full),
    ]

    @Test(arguments: lasting)
    func lastingTroubleIsToldAtOnce(failure: (status: Int, name: String, code: BlobError.Code)) async throws {
        let server = ScriptedServer { _, _ in
            .answer(
                status: failure.status, headers: ["Location": "http://127.0.0.1:1/"],
                body: "<Error><Code>\(failure.name)</Code><SignatureProvided>s3cr3t</SignatureProvided></Error>")
        }
        let store = try Self.store(server.endpoint)
        let error = await #expect(throws: BlobError.self) { try await store.keys(startingWith: "") }
        #expect(error?.code == failure.code)
        #expect(error?.description.contains("s3cr3t") == false)
        #expect(server.requests.count == 1)
    }

    @Test func uploadIsSentAgainWhole() async throws {
        let server = ScriptedServer { number, request in
            if request.method == "HEAD" {
                return .answer(
                    status: 200,
                    headers: [
                        "Content-Length": "300000", "X-Amz-Meta-Sha256": Self.digestOfSevens,
                    ])
            }
            return number == 1 ? .cut : number == 2 ? .answer(status: 500) : .answer(status: 200)
        }
        let scratch = try Scratch()
        let file = try await scratch.file(Data(repeating: 7, count: 300_000))
        #expect(file.sha256 == Self.digestOfSevens)
        try await Self.store(server.endpoint).put(
            contentsOf: file.path, at: "a b", contentType: "video/mp4", sha256: file.sha256)
        let requests = server.requests
        #expect(requests.map(\.method) == ["PUT", "PUT", "PUT", "HEAD"])
        for request in requests.prefix(3) {
            #expect(request.target == "/bucket/a%20b")
            #expect(request.body == Data(repeating: 7, count: 300_000))
            #expect(request.headers["content-type"] == "video/mp4")
            #expect(request.headers["content-length"] == "300000")
            #expect(request.headers["x-amz-meta-sha256"] == file.sha256)
            #expect(request.headers["x-amz-content-sha256"] == file.sha256)
            #expect(request.headers["transfer-encoding"] == nil)
        }
    }

    /// SHA-256 of 300,000 bytes of 7, by `sha256sum`.
    private static let digestOfSevens = "08f166476de183f7a1b2874d544d37912aaf8d19b92013e1aafe233ba231024a"

    static let lies: [ScriptedServer.Reply] = [
        .answer(status: 404), .answer(status: 200, headers: ["Content-Length": "4"]),
        .answer(status: 200, headers: ["Content-Length": "5"]),
        .answer(status: 200, headers: ["Content-Length": "5", "x-amz-meta-sha256": String(repeating: "0", count: 64)]),
    ]

    @Test(arguments: lies.indices)
    func acknowledgementIsNotBelievedBlindly(index: Int) async throws {
        let server = ScriptedServer { _, request in request.method == "HEAD" ? Self.lies[index] : .answer(status: 200) }
        let scratch = try Scratch()
        let file = try await scratch.file("hello")
        let store = try Self.store(server.endpoint)
        let error = await #expect(throws: BlobError.self) {
            try await store.put(contentsOf: file.path, at: "a", contentType: "text/plain", sha256: file.sha256)
        }
        #expect(error?.code == .unavailable)
    }

    @Test func silentServerIsGivenUp() async throws {
        let server = ScriptedServer { _, _ in .silence }
        var limits = TransferLimits()
        limits.slow = .seconds(3)
        var policy = Self.quick
        policy.attempts = 2
        // On a busy machine the first attempt alone may take longer than the whole operation usually may.
        policy.limit = .seconds(120)
        let store = try Self.store(server.endpoint, policy: policy, limits: limits)
        let start = ContinuousClock.now
        let error = await #expect(throws: BlobError.self) { try await store.keys(startingWith: "") }
        #expect(error?.code == .unavailable)
        #expect(server.requests.count == 2)
        #expect(ContinuousClock.now - start < .seconds(110))
    }

    @Test func wholeOperationKeepsItsLimit() async throws {
        let server = ScriptedServer { _, _ in .silence }
        var policy = Self.quick
        policy.limit = .seconds(1)
        let store = try Self.store(server.endpoint, policy: policy)
        let start = ContinuousClock.now
        await #expect(throws: BlobError.self) { try await store.keys(startingWith: "") }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func unreachableServerIsUnavailable() async throws {
        // Nobody listens on port 1.
        let store = try Self.store("http://127.0.0.1:1")
        let error = await #expect(throws: BlobError.self) { try await store.checkReadiness() }
        #expect(error?.code == .unavailable)
    }

    @Test func readinessIsAskedOnce() async throws {
        let server = ScriptedServer { _, _ in .answer(status: 503) }
        let store = try Self.store(server.endpoint)
        await #expect(throws: BlobError.self) { try await store.checkReadiness() }
        #expect(server.requests.count == 1)
    }

    @Test func cancelledTaskEndsItsTransferSoon() async throws {
        let server = ScriptedServer { _, _ in .silence }
        let store = try Self.store(server.endpoint, connections: 1)
        // One transfer runs, the other waits for the only connection.
        // Tasks of their own: a group would wait for both before the clock is read.
        let tasks = (0..<2).map { _ in Task { try await store.keys(startingWith: "") } }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let start = ContinuousClock.now
        for task in tasks { task.cancel() }
        for task in tasks {
            let error = await #expect(throws: BlobError.self) { try await task.value }
            #expect(error?.code == .unavailable)
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(server.requests.count == 1)
    }

    @Test func connectionsAreReusedAndNoMoreThanAllowed() async throws {
        let server = ScriptedServer { _, _ in
            // Long enough for all tasks to meet; the server's threads are its own.
            Thread.sleep(forTimeInterval: 0.01)
            return Self.listing
        }
        let store = try Self.store(server.endpoint, connections: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { _ = try await store.keys(startingWith: "") } }
            try await group.waitForAll()
        }
        #expect(server.requests.count == 16)
        #expect(server.connectionCount <= 4)
    }

    @Test func answerOfAnyLengthIsNotTaken() async throws {
        let server = ScriptedServer { _, _ in .answer(status: 200, body: String(repeating: "x", count: 100_000)) }
        var limits = TransferLimits()
        limits.answerByteCount = 50_000
        let store = try Self.store(server.endpoint, limits: limits)
        let error = await #expect(throws: BlobError.self) { try await store.keys(startingWith: "") }
        #expect(error?.code == .unavailable)
    }

    @Test func bucketMayBePartOfTheHost() async throws {
        let server = ScriptedServer { _, _ in .answer(status: 204) }
        let store = try S3Store(
            settings: S3Settings(
                endpoint: "http://localhost:\(server.port)", accessKeyID: "AKIATEST", secretAccessKey: "s3cr3t",
                bucket: "bucket", pathStyle: false))
        try await store.remove("a/b")
        let request = try #require(server.requests.first)
        #expect(request.method == "DELETE")
        #expect(request.headers["host"] == "bucket.localhost:\(server.port)")
        #expect(request.target == "/a/b")
    }

    @Test func signatureCoversWhatIsSent() async throws {
        let server = ScriptedServer { _, _ in Self.listing }
        _ = try await Self.store(server.endpoint).keys(startingWith: "a b/é")
        let request = try #require(server.requests.first)
        #expect(request.target == "/bucket?encoding-type=url&list-type=2&prefix=a%20b%2F%C3%A9")
        #expect(request.headers["host"] == "127.0.0.1:\(server.port)")
        let authorization = try #require(request.headers["authorization"])
        #expect(authorization.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date,"))
        #expect(!authorization.contains("s3cr3t"))
    }
}
