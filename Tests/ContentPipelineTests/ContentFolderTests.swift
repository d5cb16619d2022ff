import Foundation
import Glibc
import Testing

@testable import ContentPipeline

/// A content folder with a file, links and traps in it, beside a secret that lies outside.
@Suite struct ContentFolderTests {
    private func withFolder(_ body: (ContentFolder, URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "content-\(UUID())").resolvingSymlinksInPath()
        let content = root.appending(path: "contents")
        let files = FileManager.default
        try files.createDirectory(at: content.appending(path: "p"), withIntermediateDirectories: true)
        defer { try? files.removeItem(at: root) }  // Only a temporary folder.
        try Data("video".utf8).write(to: content.appending(path: "p/a.mp4"))
        try Data("secret".utf8).write(to: root.appending(path: "secret.mp4"))
        for (link, target) in [("in.mp4", "p/a.mp4"), ("out.mp4", "../secret.mp4"), ("up", "..")] {
            try files.createSymbolicLink(
                atPath: content.appending(path: link).path, withDestinationPath: target)
        }
        #expect(unsafe mkfifo(content.appending(path: "pipe.mp4").path, 0o600) == 0)
        try body(ContentFolder(root: root.path, base: content.path), root)
    }

    static let inside = ["contents/p/a.mp4", "./contents/./p/a.mp4", "contents/in.mp4", "contents/p/../p/a.mp4"]

    @Test(arguments: inside)
    func filesInsideAreFound(path: String) throws {
        try self.withFolder { folder, root in
            let entry = try folder.locate(path)
            #expect(entry.path == root.path + "/contents/p/a.mp4")
            #expect(entry.byteCount == 5)
            #expect(try folder.locate(root.path + "/" + path) == entry)
        }
    }

    static let refused: [(String, ContentFolder.PathProblem)] = [
        ("contents/out.mp4", .outside), ("contents/../secret.mp4", .outside), ("secret.mp4", .outside),
        ("contents/up/secret.mp4", .outside), ("/etc/passwd", .outside), ("contents", .outside),
        ("contents/up/absent.mp4", .outside), ("contents/x/../../absent.mp4", .outside), ("/absent", .outside),
        ("contents/absent.mp4", .absent), ("contents/p/a.mp4/b", .absent), ("contents/x/../absent.mp4", .absent),
        ("contents/p", .notAFile), ("contents/pipe.mp4", .notAFile),
    ]

    @Test(arguments: refused)
    func everythingElseIsRefused(path: String, problem: ContentFolder.PathProblem) throws {
        try self.withFolder { folder, _ in
            #expect(throws: problem) { try folder.locate(path) }
        }
    }

    @Test func anOpenFileIsJudgedByWhereItLies() throws {
        try self.withFolder { folder, root in
            for (path, isInside) in [("contents/in.mp4", true), ("contents/out.mp4", false)] {
                let file = try #require(FileHandle(forReadingAtPath: root.path + "/" + path))
                #expect(folder.contains(descriptor: file.fileDescriptor) == isInside)
            }
        }
    }

    /// Size and modification time of a file, as a job knows its source.
    private func identity(_ url: URL) throws -> (byteCount: Int64, modified: Int64) {
        var status = stat()
        try #require(unsafe stat(url.path, &status) == 0)
        return (
            Int64(status.st_size), Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        )
    }

    @Test func theFileThatIsMeantIsRemovedAlone() throws {
        try self.withFolder { folder, root in
            let file = root.appending(path: "contents/p/a.mp4")
            let (byteCount, modified) = try self.identity(file)
            let other = root.appending(path: "contents/p/b.mp4")
            try Data("video".utf8).write(to: other)
            #expect(try folder.remove("contents/p/a.mp4", of: byteCount, modified: modified) == .removed)
            #expect(try folder.remove("contents/p/a.mp4", of: byteCount, modified: modified) == .absent)
            #expect(!FileManager.default.fileExists(atPath: file.path))
            #expect(FileManager.default.fileExists(atPath: other.path))
        }
    }

    @Test func aFileThatWasReplacedIsSpared() throws {
        try self.withFolder { folder, root in
            let file = root.appending(path: "contents/p/a.mp4")
            let (byteCount, modified) = try self.identity(file)
            for (count, time) in [(byteCount + 1, modified), (byteCount, modified + 1)] {
                #expect(try folder.remove("contents/p/a.mp4", of: count, modified: time) == .spared)
            }
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test(arguments: refused.filter { $0.1 != .absent })
    func whatIsNoFileOfTheFolderIsSpared(path: String, problem: ContentFolder.PathProblem) throws {
        try self.withFolder { folder, root in
            let secret = root.appending(path: "secret.mp4")
            let (byteCount, modified) = try self.identity(secret)
            #expect(try folder.remove(path, of: byteCount, modified: modified) == .spared)
            #expect(FileManager.default.fileExists(atPath: secret.path))
        }
    }
}
