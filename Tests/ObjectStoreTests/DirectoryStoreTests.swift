import Foundation
import Glibc
import Testing

@testable import ObjectStore

/// What concerns files; what both stores promise is in `BlobStoreTests`.
@Suite struct DirectoryStoreTests {
    private let scratch: Scratch
    private let path: String

    init() throws {
        self.scratch = try Scratch()
        self.path = "\(self.scratch.path)/nested/objects"
    }

    private func store(_ keeper: MetadataKeeper) throws -> DirectoryStore {
        DirectoryStore(path: self.path, root: try DirectoryStore.makeRoot(self.path), keeper: keeper)
    }

    private func put(_ text: String, at key: String, in store: DirectoryStore) async throws {
        let file = try await self.scratch.file(text)
        try await store.put(contentsOf: file.path, at: key, contentType: "text/plain", sha256: file.sha256)
    }

    /// Every path below the store, hidden ones too.
    private func paths() throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: self.path))
    }

    @Test func objectIsAPlainFileAtItsKey() async throws {
        let store = try DirectoryStore(path: self.path)
        try await self.put("hello", at: "a/b.txt", in: store)
        #expect(try String(contentsOfFile: "\(self.path)/a/b.txt", encoding: .utf8) == "hello")
        #expect(store.location(of: "a/b.txt") == "\(self.path)/a/b.txt")
        let mode = try FileManager.default.attributesOfItem(atPath: "\(self.path)/a/b.txt")[.posixPermissions]
        #expect(mode as? Int == 0o644)
    }

    @Test func attributesLeaveNoOtherFiles() async throws {
        let store = try self.store(.attributes)
        try await self.put("hello", at: "a/b.txt", in: store)
        #expect(try self.paths() == ["a", "a/b.txt"])
        try await store.remove("a/b.txt")
        #expect(try self.paths() == [])
    }

    @Test func hiddenFilesComeAndGoWithTheirObjects() async throws {
        let store = try self.store(.hiddenFiles)
        try await self.put("hello", at: "a/b.txt", in: store)
        #expect(try self.paths() == ["a", "a/b.txt", "a/.b.txt.info"])
        #expect(try await store.keys(startingWith: "") == ["a/b.txt"])
        try await store.remove("a/b.txt")
        #expect(try self.paths() == [])
    }

    @Test(arguments: [MetadataKeeper.attributes, .hiddenFiles])
    func fileOfOthersHasNoMetadata(keeper: MetadataKeeper) async throws {
        let store = try self.store(keeper)
        try await self.put("hello", at: "a", in: store)
        // Replaced by another program, under the same name.
        let file = try await self.scratch.file("other")
        try FileManager.default.removeItem(atPath: "\(self.path)/a")
        try FileManager.default.copyItem(atPath: file.path, toPath: "\(self.path)/a")
        #expect(
            try await store.information(of: "a") == BlobInformation(byteCount: 5, contentType: nil, sha256: nil))
    }

    @Test func linksDoNotLeadOut() async throws {
        let store = try DirectoryStore(path: self.path)
        let outside = try await self.scratch.file(Data("secret".utf8), named: "outside.txt")
        try FileManager.default.createSymbolicLink(
            atPath: "\(self.path)/directory", withDestinationPath: self.scratch.path)
        try FileManager.default.createSymbolicLink(atPath: "\(self.path)/file", withDestinationPath: outside.path)
        for key in ["directory/outside.txt", "file"] {
            #expect(try await store.information(of: key) == nil)
        }
        let put = await #expect(throws: BlobError.self) { try await self.put("x", at: "directory/new.txt", in: store) }
        #expect(put?.code == .refused)
        try await store.remove("directory/outside.txt")
        #expect(try await store.keys(startingWith: "") == [])
        // The link itself may be replaced; what it pointed to stays.
        try await self.put("mine", at: "file", in: store)
        #expect(try String(contentsOfFile: outside.path, encoding: .utf8) == "secret")
        #expect(!FileManager.default.fileExists(atPath: "\(self.scratch.path)/new.txt"))
    }

    @Test func putAndRemovalMeetInOneDirectory() async throws {
        let store = try DirectoryStore(path: self.path)
        let file = try await self.scratch.file("x")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for _ in 0..<50 {
                        try await store.put(
                            contentsOf: file.path, at: "a/b/c/\(task)", contentType: "text/plain", sha256: file.sha256)
                        try await store.remove("a/b/c/\(task)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try self.paths() == [])
    }

    static let unsuitable = [
        String(repeating: "é", count: 121), "a/\(String(repeating: "x", count: 241))/b", ".0123456789abcdef.part",
        "a/.b.info", "a/.b.info/c",
    ]

    @Test(arguments: unsuitable)
    func keyThatIsNoGoodAsAPathIsRefused(key: String) async throws {
        let store = try DirectoryStore(path: self.path)
        let error = await #expect(throws: BlobError.self) { try await self.put("x", at: key, in: store) }
        #expect(error?.code == .refused)
    }

    @Test func objectAndDirectoryDoNotShareAName() async throws {
        let store = try DirectoryStore(path: self.path)
        try await self.put("x", at: "a", in: store)
        let below = await #expect(throws: BlobError.self) { try await self.put("x", at: "a/b", in: store) }
        #expect(below?.code == .refused)
        #expect(try await store.information(of: "a/b") == nil)
        try await store.remove("a/b")
        try await self.put("x", at: "c/d", in: store)
        let above = await #expect(throws: BlobError.self) { try await self.put("x", at: "c", in: store) }
        #expect(above?.code == .refused)
        #expect(try await store.information(of: "c") == nil)
        try await store.remove("c")
        #expect(try await store.keys(startingWith: "") == ["a", "c/d"])
        #expect(try await store.keys(startingWith: "a/b/") == [])
    }

    @Test func failedPutLeavesTheOldObjectAndNothingElse() async throws {
        let store = try DirectoryStore(path: self.path)
        try await self.put("old", at: "a", in: store)
        let file = try await self.scratch.file("new")
        await #expect(throws: BlobError.self) {
            try await store.put(
                contentsOf: file.path, at: "a", contentType: "text/plain", sha256: String(repeating: "0", count: 64))
        }
        await #expect(throws: BlobError.self) {
            try await store.put(
                contentsOf: file.path, at: "b/c/d", contentType: "text/plain", sha256: String(repeating: "0", count: 64)
            )
        }
        #expect(try String(contentsOfFile: "\(self.path)/a", encoding: .utf8) == "old")
        #expect(try self.paths() == ["a"])
    }

    @Test func orphansOfInterruptedWritersAreRemovedAndNothingElse() async throws {
        let store = try DirectoryStore(path: self.path)
        try await self.put("x", at: "a/b", in: store)
        for name in ["a/.0123456789abcdef.part", "a/.fedcba9876543210.part", "a/notes.part", "a/.hidden"] {
            _ = try await self.scratch.file(Data("x".utf8), named: "nested/objects/\(name)")
        }
        #expect(utimes("\(self.path)/a/.0123456789abcdef.part", [timeval(), timeval()]) == 0)
        #expect(try await store.keys(startingWith: "") == ["a/.hidden", "a/b", "a/notes.part"])
        #expect(try await store.removeOrphans() == 1)
        #expect(try await store.removeOrphans() == 0)
        #expect(try await store.removeOrphans(olderThan: .zero) == 1)
        #expect(try self.paths() == ["a", "a/b", "a/notes.part", "a/.hidden"])
    }

    @Test func directoryThatCannotBeMadeIsToldAtTheStart() async throws {
        let file = try await self.scratch.file("x")
        let error = #expect(throws: BlobError.self) { try DirectoryStore(path: "\(file.path)/objects") }
        #expect(error?.code == .refused)
        let missing = #expect(throws: BlobError.self) { try DirectoryStore(path: "/proc/none/objects") }
        #expect(missing?.code == .unavailable)
    }

    @Test func removedRootIsNotReady() async throws {
        let store = try DirectoryStore(path: self.path)
        try FileManager.default.removeItem(atPath: self.path)
        await #expect(throws: BlobError.self) { try await store.checkReadiness() }
    }

    @Test func cancelledPutLeavesNothing() async throws {
        let store = try DirectoryStore(path: self.path)
        // A sparse file: 64 GiB that cost nothing to make and minutes to copy.
        let large = "\(self.scratch.path)/large"
        #expect(FileManager.default.createFile(atPath: large, contents: nil))
        #expect(truncate(large, 64 << 30) == 0)
        // A task of its own, so that it can be cancelled alone.
        let task = Task {
            try await store.put(
                contentsOf: large, at: "large", contentType: "video/mp4", sha256: String(repeating: "0", count: 64))
        }
        while try self.paths().isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        task.cancel()
        let error = await #expect(throws: BlobError.self) { try await task.value }
        #expect(error?.code == .unavailable)
        #expect(try self.paths() == [])
    }

    static let numbers: [(Int32, BlobError.Code)] = [
        (ENOSPC, .full), (EDQUOT, .full), (EACCES, .denied), (EROFS, .denied), (EPERM, .denied), (ELOOP, .refused),
        (ENOTDIR, .refused), (EISDIR, .refused), (ENAMETOOLONG, .refused), (ENOENT, .unavailable), (EIO, .unavailable),
        (ECANCELED, .unavailable),
    ]

    @Test(arguments: numbers)
    func systemCallErrorTellsWhatToDo(number: Int32, code: BlobError.Code) {
        let error = SystemCallError(call: "write", number: number).blobError(subject: "a")
        #expect(error.code == code)
        #expect(error.message == "write: \(String(cString: strerror(number)))")
    }
}
