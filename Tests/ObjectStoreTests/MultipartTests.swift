import Foundation
import Testing

@testable import ObjectStore

@Suite struct MultipartTests {
    static let sizes: [(byteCount: Int64, count: Int)] = [
        (10, 1), (5 << 20, 1), (5 << 20 + 1, 2), (12 << 20, 3), (1 << 40, 8963),
    ]

    @Test(arguments: sizes)
    func partsCoverTheFile(byteCount: Int64, count: Int) {
        let parts = PartPlan(threshold: 0, partByteCount: 5 << 20).parts(of: byteCount)
        #expect(parts.count == count)
        #expect(parts.map(\.number) == Array(1...parts.count))
        #expect(parts.reduce(0) { $0 + $1.byteCount } == byteCount)
        for (part, next) in zip(parts, parts.dropFirst()) { #expect(part.offset + part.byteCount == next.offset) }
    }

    private static let plan = PartPlan(threshold: 5 << 20, partByteCount: 5 << 20)

    /// 12 MiB in which every part differs from the others, and from those of another seed.
    private static func bytes(_ seed: UInt8) -> Data {
        (0..<3).reduce(Data()) { $0 + Data(repeating: 3 * seed + UInt8($1), count: 4 << 20) }
    }

    private static func store() throws -> S3Store {
        try S3Store(
            settings: Peer.settings(), connections: 4, retrying: RetryPolicy(), limits: TransferLimits(), partPlan: plan
        )
    }

    @Test func largeFileGoesUpInPartsAndComesBack() async throws {
        let scratch = try Scratch()
        let store = try Self.store()
        let path = "\(scratch.path)/large"
        try Self.bytes(1).write(to: URL(filePath: path))
        let sha256 = try await ContentDigest.sha256(ofFileAt: path)
        let key = "multipart-\(UUID().uuidString)"
        try await store.put(contentsOf: path, at: key, contentType: "application/zip", sha256: sha256)
        let stored = try await store.information(of: key)
        #expect(stored == BlobInformation(byteCount: 12 << 20, contentType: "application/zip", sha256: sha256))
        let copy = try await store.download(key, to: "\(scratch.path)/copy")
        #expect(copy?.sha256 == sha256)
        try await store.remove(key)
    }

    @Test func uploadGoesOnWithThePartsThatAreThere() async throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/large"
        try Self.bytes(2).write(to: URL(filePath: path))
        let sha256 = try await ContentDigest.sha256(ofFileAt: path)
        let uploaded = Recorder()
        let server = ScriptedServer { _, request in uploaded.answer(request) }
        let store = try S3Store(
            settings: S3Settings(
                endpoint: server.endpoint, accessKeyID: "AKIA", secretAccessKey: "secret", bucket: "b", pathStyle: true),
            connections: 2, retrying: RetryPolicy(attempts: 1), limits: TransferLimits(), partPlan: Self.plan)
        // The second part is refused: the upload stops in the middle.
        uploaded.refuse(part: 2)
        await #expect(throws: BlobError.self) {
            try await store.put(contentsOf: path, at: "k", contentType: "application/zip", sha256: sha256)
        }
        uploaded.refuse(part: nil)
        let before = uploaded.sentParts
        try await store.put(contentsOf: path, at: "k", contentType: "application/zip", sha256: sha256)
        #expect(!before.isEmpty)
        #expect(Set(before).isDisjoint(with: uploaded.sentParts.dropFirst(before.count)))
        #expect(Set(uploaded.sentParts) == [1, 2, 3])
        #expect(uploaded.beginnings == 1)
    }

    @Test func partsOfAnotherFileAreNotUsed() async throws {
        let scratch = try Scratch()
        let uploaded = Recorder()
        let server = ScriptedServer { _, request in uploaded.answer(request) }
        let store = try S3Store(
            settings: S3Settings(
                endpoint: server.endpoint, accessKeyID: "AKIA", secretAccessKey: "secret", bucket: "b", pathStyle: true),
            connections: 2, retrying: RetryPolicy(attempts: 1), limits: TransferLimits(), partPlan: Self.plan)
        for seed in [UInt8(3), 4] {
            let path = "\(scratch.path)/\(seed)"
            try Self.bytes(seed).write(to: URL(filePath: path))
            uploaded.refuse(part: seed == 3 ? 3 : nil)
            let sha256 = try await ContentDigest.sha256(ofFileAt: path)
            do throws(BlobError) {
                try await store.put(contentsOf: path, at: "k", contentType: "application/zip", sha256: sha256)
                #expect(seed == 4)
            } catch {
                #expect(seed == 3)
            }
        }
        #expect(uploaded.beginnings == 2)
        #expect(uploaded.abortions == 1)
    }
}
