import Foundation
import Testing

@testable import ObjectStore

/// What both stores promise, told once.
@Suite struct BlobStoreTests {
    enum Kind: String, CaseIterable, Sendable {
        case s3
        case directory
        case directoryWithHiddenFiles
    }

    /// A store and a prefix that no other test uses.
    private struct Subject {
        let store: any BlobStore
        let prefix: String
        let scratch: Scratch

        init(_ kind: Kind) throws {
            self.scratch = try Scratch()
            self.prefix = "test-\(UUID().uuidString)"
            let path = "\(self.scratch.path)/objects"
            switch kind {
            case .s3: self.store = try Peer.store()
            case .directory: self.store = try DirectoryStore(path: path)
            case .directoryWithHiddenFiles:
                self.store = DirectoryStore(path: path, root: try DirectoryStore.makeRoot(path), keeper: .hiddenFiles)
            }
        }

        func put(_ text: String, at key: String, type: String = "text/plain") async throws -> String {
            let file = try await self.scratch.file(text)
            try await self.store.put(contentsOf: file.path, at: key, contentType: type, sha256: file.sha256)
            return file.sha256
        }
    }

    static let names = [
        "clip.mp4", "dir x/a+b (1):é.txt", "日本語/キー.txt", "a&b<c>\"d'.txt", "%2F%25.txt", "~tilde_-.!*'(),;=@$#?",
        "e\u{301} is not \u{e9}", "deep/er/and/deep/er/x",
    ]

    @Test(arguments: Kind.allCases, names)
    func whatWasPutIsFoundAndListed(kind: Kind, name: String) async throws {
        let subject = try Subject(kind)
        let key = "\(subject.prefix)/\(name)"
        let sha256 = try await subject.put("hello", at: key, type: "text/plain; charset=utf-8")
        let stored = try #require(try await subject.store.information(of: key))
        #expect(stored.byteCount == 5)
        #expect(stored.contentType == "text/plain; charset=utf-8")
        #expect(stored.sha256 == sha256)
        let keys = try await subject.store.keys(startingWith: "\(subject.prefix)/")
        #expect(keys.map { Array($0.utf8) } == [Array(key.utf8)])
        try await subject.store.remove(key)
        #expect(try await subject.store.information(of: key) == nil)
        #expect(try await subject.store.keys(startingWith: subject.prefix).isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func emptyFileIsAnObject(kind: Kind) async throws {
        let subject = try Subject(kind)
        let sha256 = try await subject.put("", at: "\(subject.prefix)/empty")
        let stored = try await subject.store.information(of: "\(subject.prefix)/empty")
        #expect(stored == BlobInformation(byteCount: 0, contentType: "text/plain", sha256: sha256))
        try await subject.store.remove("\(subject.prefix)/empty")
    }

    @Test(arguments: Kind.allCases)
    func bytesInMemoryComeBackAsAFile(kind: Kind) async throws {
        let subject = try Subject(kind)
        let key = "\(subject.prefix)/small"
        let bytes = Array("some text".utf8)
        let sha256 = ContentDigest.sha256(of: bytes)
        try await subject.store.put(bytes, at: key, contentType: "text/plain", sha256: sha256)
        let path = try await subject.scratch.file("what was there before, and longer").path
        let downloaded = try await subject.store.download(key, to: path)
        #expect(downloaded == BlobInformation(byteCount: 9, contentType: "text/plain", sha256: sha256))
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(bytes))
        #expect(try await subject.store.download("\(subject.prefix)/absent", to: path) == nil)
        if let place = try subject.store.filePath(of: key) {
            #expect(try Data(contentsOf: URL(filePath: place)) == Data(bytes))
        }
        try await subject.store.remove(key)
    }

    @Test(arguments: Kind.allCases)
    func bytesOtherThanAnnouncedAreNotStored(kind: Kind) async throws {
        let subject = try Subject(kind)
        let other = ContentDigest.sha256(of: Array("other".utf8))
        await #expect(throws: BlobError.self) {
            try await subject.store.put(
                Array("some".utf8), at: "\(subject.prefix)/a", contentType: "text/plain", sha256: other)
        }
        let stored = try await subject.store.information(of: "\(subject.prefix)/a")
        #expect(stored == nil)
    }

    @Test(arguments: Kind.allCases)
    func secondPutReplacesTheFirst(kind: Kind) async throws {
        let subject = try Subject(kind)
        let key = "\(subject.prefix)/a"
        _ = try await subject.put("first", at: key)
        let sha256 = try await subject.put("the second", at: key, type: "video/mp4")
        let stored = try await subject.store.information(of: key)
        #expect(stored == BlobInformation(byteCount: 10, contentType: "video/mp4", sha256: sha256))
        try await subject.store.remove(key)
    }

    @Test(arguments: Kind.allCases)
    func absentObjectIsNilAndRemovedWithoutHarm(kind: Kind) async throws {
        let subject = try Subject(kind)
        #expect(try await subject.store.information(of: "\(subject.prefix)/none") == nil)
        try await subject.store.remove("\(subject.prefix)/none")
        #expect(try await subject.store.keys(startingWith: "\(subject.prefix)/").isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func listingIsInTheOrderOfBytesAndKeepsToThePrefix(kind: Kind) async throws {
        let subject = try Subject(kind)
        let names = ["B", "a", "a-", "a/b", "ab", "é", "z"]
        // In S3 `a` and `a/b` live side by side; in a directory they cannot.
        let possible = names.filter { $0 != "a" }
        for name in possible.shuffled() { _ = try await subject.put(name, at: "\(subject.prefix)/\(name)") }
        let all = try await subject.store.keys(startingWith: "\(subject.prefix)/")
        #expect(all == ["B", "a-", "a/b", "ab", "z", "é"].map { "\(subject.prefix)/\($0)" })
        let some = try await subject.store.keys(startingWith: "\(subject.prefix)/a")
        #expect(some == ["a-", "a/b", "ab"].map { "\(subject.prefix)/\($0)" })
        #expect(try await subject.store.keys(startingWith: "\(subject.prefix)/nothing/").isEmpty)
        for key in all { try await subject.store.remove(key) }
    }

    @Test(arguments: Kind.allCases)
    func missingFileIsUnreadable(kind: Kind) async throws {
        let subject = try Subject(kind)
        let error = await #expect(throws: BlobError.self) {
            try await subject.store.put(
                contentsOf: "\(subject.scratch.path)/none", at: "\(subject.prefix)/a", contentType: "text/plain",
                sha256: SignatureV4.emptyPayloadHash)
        }
        #expect(error?.code == .unreadable)
    }

    @Test(arguments: Kind.allCases, ["changed", ""])
    func bytesThatAreNotWhatTheirDigestSaysAreNotStored(kind: Kind, text: String) async throws {
        let subject = try Subject(kind)
        let file = try await subject.scratch.file(text)
        let error = await #expect(throws: BlobError.self) {
            try await subject.store.put(
                contentsOf: file.path, at: "\(subject.prefix)/a", contentType: "text/plain",
                sha256: String(repeating: "0", count: 64))
        }
        #expect(error?.code == .unreadable)
        #expect(try await subject.store.information(of: "\(subject.prefix)/a") == nil)
    }

    static let refusedKeys = [
        "", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\0b", "a\nb", "a\u{7F}", "a\u{85}b",
        String(repeating: "x", count: 1_025),
    ]

    @Test(arguments: Kind.allCases, refusedKeys)
    func malformedKeyIsRefused(kind: Kind, key: String) async throws {
        let subject = try Subject(kind)
        let information = await #expect(throws: BlobError.self) { try await subject.store.information(of: key) }
        #expect(information?.code == .refused)
        let removal = await #expect(throws: BlobError.self) { try await subject.store.remove(key) }
        #expect(removal?.code == .refused)
        let put = await #expect(throws: BlobError.self) { try await subject.put("x", at: key) }
        #expect(put?.code == .refused)
    }

    static let refusedMetadata = [
        ("text/plain", "abc"), ("text/plain", String(repeating: "A", count: 64)),
        ("text/plain\r\nx-amz-acl: public-read", SignatureV4.emptyPayloadHash), ("", SignatureV4.emptyPayloadHash),
    ]

    @Test(arguments: Kind.allCases, refusedMetadata)
    func malformedMetadataIsRefused(kind: Kind, metadata: (type: String, sha256: String)) async throws {
        let subject = try Subject(kind)
        let file = try await subject.scratch.file("")
        let error = await #expect(throws: BlobError.self) {
            try await subject.store.put(
                contentsOf: file.path, at: "\(subject.prefix)/a", contentType: metadata.type, sha256: metadata.sha256)
        }
        #expect(error?.code == .refused)
    }

    @Test(arguments: Kind.allCases)
    func workingStoreIsReady(kind: Kind) async throws {
        let subject = try Subject(kind)
        _ = try await subject.put("x", at: subject.prefix)
        try await subject.store.checkReadiness()
        #expect(try await subject.store.keys(startingWith: subject.prefix) == [subject.prefix])
        try await subject.store.remove(subject.prefix)
    }

    @Test(arguments: Kind.allCases)
    func sixteenTasksShareTheStore(kind: Kind) async throws {
        let subject = try Subject(kind)
        let file = try await subject.scratch.file(Data(repeating: 7, count: 300_000))
        let (store, prefix) = (subject.store, subject.prefix)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<16 {
                group.addTask {
                    for number in 0..<4 {
                        try await store.put(
                            contentsOf: file.path, at: "\(prefix)/\(task)/\(number)", contentType: "video/mp4",
                            sha256: file.sha256)
                    }
                }
            }
            try await group.waitForAll()
        }
        let keys = try await store.keys(startingWith: "\(prefix)/")
        #expect(keys.count == 64)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in keys { group.addTask { try await store.remove(key) } }
            try await group.waitForAll()
        }
        #expect(try await store.keys(startingWith: "\(prefix)/").isEmpty)
    }
}
