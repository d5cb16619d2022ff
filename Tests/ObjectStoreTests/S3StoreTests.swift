import Blocking
import Foundation
import Testing

@testable import ObjectStore

/// Against the real server; what both stores promise is in `BlobStoreTests`.
@Suite struct S3StoreTests {
    @Test func listingGoesOnBeyondAThousandKeys() async throws {
        let store = try Peer.store(connections: 8)
        let scratch = try Scratch()
        let file = try await scratch.file("x")
        let prefix = "many-\(UUID().uuidString)/"
        let keys = (0..<1_200).map { prefix + "clip&<\($0)> +é" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in keys {
                group.addTask {
                    try await store.put(
                        contentsOf: file.path, at: key, contentType: "text/plain", sha256: file.sha256)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.keys(startingWith: prefix) == keys.sorted(by: precedesInBytes))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in keys { group.addTask { try await store.remove(key) } }
            try await group.waitForAll()
        }
        #expect(try await store.keys(startingWith: prefix).isEmpty)
    }

    @Test func largeFileIsStreamed() async throws {
        let store = try Peer.store()
        let scratch = try Scratch()
        let path = "\(scratch.path)/large"
        let chunk = Data((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        for _ in 0..<50 { try handle.write(contentsOf: chunk) }
        try handle.close()
        let sha256 = try await ContentDigest.sha256(ofFileAt: path)
        let key = "large-\(UUID().uuidString)"
        try await store.put(contentsOf: path, at: key, contentType: "video/mp4", sha256: sha256)
        #expect(
            try await store.information(of: key)
                == BlobInformation(byteCount: 50 << 20, contentType: "video/mp4", sha256: sha256))
        try await store.remove(key)
    }

    @Test func presignedURLGivesTheBytesToAnyone() async throws {
        let store = try Peer.store()
        let scratch = try Scratch()
        let file = try await scratch.file("for anyone")
        let key = "presigned-\(UUID().uuidString)/dir x/a+b (1):é.txt"
        try await store.put(contentsOf: file.path, at: key, contentType: "text/plain", sha256: file.sha256)
        let url = try store.presignedURL(of: key, validFor: .seconds(60))
        let answer = try await Self.get(url)
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "for anyone")
        #expect(answer.headers["content-type"] == "text/plain")
        #expect(try await Self.get(url.replacing("X-Amz-Expires=60", with: "X-Amz-Expires=6000")).status == 403)
        try await store.remove(key)
    }

    static let wrongSettings: [@Sendable (inout S3Settings) -> Void] = [
        { $0.secretAccessKey = "wrong" }, { $0.accessKeyID = "wrong" }, { $0.bucket = "no-such-bucket" },
    ]

    @Test(arguments: wrongSettings.indices)
    func wrongSettingsAreDenied(index: Int) async throws {
        var settings = try Peer.settings()
        Self.wrongSettings[index](&settings)
        let store = try S3Store(settings: settings)
        let readiness = await #expect(throws: BlobError.self) { try await store.checkReadiness() }
        #expect(readiness?.code == .denied)
        let scratch = try Scratch()
        let file = try await scratch.file("x")
        let put = await #expect(throws: BlobError.self) {
            try await store.put(contentsOf: file.path, at: "a", contentType: "text/plain", sha256: file.sha256)
        }
        #expect(put?.code == .denied)
        for error in [readiness, put].compactMap(\.self) {
            #expect(!error.description.contains(settings.secretAccessKey) || settings.secretAccessKey == "wrong")
            #expect(!error.description.contains(try Peer.settings().accessKeyID))
        }
    }

    /// A plain request without our signature.
    private static func get(_ url: String) async throws -> TransferResponse {
        let request = TransferRequest(method: .get, url: url, headers: [], upload: nil)
        return try await BlockingThreadPool(count: 1, label: "http") {
            try CurlHandle(limits: TransferLimits(), caFile: nil)
        }
        .run(orWhenDropped: CancellationError()) { handle, cancellation in
            try handle.perform(request, within: .seconds(10), until: cancellation)
        }
    }
}
