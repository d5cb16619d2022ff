import Foundation
import Glibc
import Testing

@testable import ObjectStore

@Suite struct ContentDigestTests {
    /// FIPS 180-4's examples, and `sha256sum` of longer files, around the size of a block.
    static let facts: [(byteCount: Int, byte: UInt8, digest: String)] = [
        (0, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1_000_000, UInt8(ascii: "a"), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        (1_048_576, 0, "30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58"),
        (1_048_577, 0, "2cb74edba754a81d121c9db6833704a8e7d417e5b13d1a19f4a52f007d644264"),
    ]

    @Test(arguments: facts)
    func digestIsThatOfAllBytes(fact: (byteCount: Int, byte: UInt8, digest: String)) async throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/file"
        try Data(repeating: fact.byte, count: fact.byteCount).write(to: URL(fileURLWithPath: path))
        #expect(try await ContentDigest.sha256(ofFileAt: path) == fact.digest)
        let handle = try #require(FileHandle(forReadingAtPath: path))
        try handle.seek(toOffset: 7)
        #expect(try await ContentDigest.sha256(ofDescriptor: handle.fileDescriptor) == fact.digest)
        #expect(try handle.offset() == 7)
    }

    @Test func whatCannotBeReadIsUnreadable() async throws {
        let scratch = try Scratch()
        #expect(mkfifo("\(scratch.path)/fifo", 0o600) == 0)
        for path in ["\(scratch.path)/none", scratch.path, "\(scratch.path)/fifo"] {
            let error = await #expect(throws: BlobError.self) { try await ContentDigest.sha256(ofFileAt: path) }
            #expect(error?.code == .unreadable)
            #expect(error?.subject == path)
        }
        let error = await #expect(throws: BlobError.self) { try await ContentDigest.sha256(ofDescriptor: -1) }
        #expect(error?.code == .unreadable)
    }

    @Test func cancelledDigestEnds() async throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/large"
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        // Sparse: costs nothing to make, and many minutes to read.
        #expect(truncate(path, 1 << 40) == 0)
        // A task of its own, so that it can be cancelled alone.
        let task = Task { try await ContentDigest.sha256(ofFileAt: path) }
        try await Task.sleep(for: .milliseconds(50))
        let start = ContinuousClock.now
        task.cancel()
        let error = await #expect(throws: BlobError.self) { try await task.value }
        #expect(error?.code == .unavailable)
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
