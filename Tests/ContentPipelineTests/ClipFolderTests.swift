import Foundation
import Testing

@testable import ContentPipeline

@Suite struct ClipFolderTests {
    private func withPath(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "clips-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }  // Only a temporary folder.
        try body(path)
    }

    private func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func aFileHasItsNameOnlyWhenItIsPublished() throws {
        try self.withPath { path in
            let folder = try ClipFolder(at: path)
            try Data("clip".utf8).write(to: URL(filePath: folder.partialPath(of: "a.mp4")))
            #expect(!folder.contains("a.mp4"))
            try folder.publish("a.mp4")
            #expect(try self.names(in: path) == ["a.mp4"])
            try folder.write(Data("[]".utf8), to: "tasks.json")
            #expect(try self.names(in: path) == ["a.mp4", "tasks.json"])
        }
    }

    @Test func oneRunAtATimeWritesIntoADirectory() throws {
        try self.withPath { path in
            do {
                let folder = try ClipFolder(at: path)
                #expect(throws: LocalFailure.self) { try ClipFolder(at: path) }
                #expect(!folder.contains("a.mp4"))
            }
            #expect(throws: Never.self) { try ClipFolder(at: path) }
        }
    }

    @Test func onlyANewAndEmptyDirectoryGoesAgain() throws {
        try self.withPath { path in
            try ClipFolder(at: path).removeIfNew()
            #expect(!FileManager.default.fileExists(atPath: path))
            let folder = try ClipFolder(at: path + "/inner")
            try folder.write(Data(), to: "of-a-person.txt")
            folder.removeIfNew()
            #expect(try self.names(in: path + "/inner") == ["of-a-person.txt"])
            try ClipFolder(at: path).removeIfNew()
            #expect(try self.names(in: path) == ["inner"])
        }
    }

    @Test func aFileInTheDirectorysPlaceIsRefused() throws {
        try self.withPath { path in
            try Data().write(to: URL(filePath: path))
            #expect(throws: LocalFailure("\(path) cannot be made a directory.")) { try ClipFolder(at: path) }
        }
    }
}
