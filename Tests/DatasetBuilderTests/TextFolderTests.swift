import Domain
import Foundation
import LabelFormats
import Testing

@testable import DatasetBuilder

@Suite struct TextFolderTests {
    @Test func piecesOfOneFileMayComeBetweenThoseOfOthers() throws {
        let folder = "\(NSTemporaryDirectory())/texts-\(UUID().uuidString)"
        defer { WorkDirectory.remove(at: folder) }
        var files = TextFolder(path: folder)
        try files.append([FileFragment("b/one.txt", "first "), FileFragment("a.txt", "alone")])
        try files.append([FileFragment("b/one.txt", "second")])
        #expect(try files.finish() == ["a.txt", "b/one.txt"])
        #expect(try String(contentsOfFile: "\(folder)/b/one.txt", encoding: .utf8) == "first second")
        #expect(try String(contentsOfFile: "\(folder)/a.txt", encoding: .utf8) == "alone")
        WorkDirectory.remove(at: folder)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func fullOrUnwritableFolderIsADependency() {
        let files = Result {
            var files = TextFolder(path: "/dev/null/texts")
            try files.append([FileFragment("a.txt", "")])
            return try files.finish()
        }
        #expect(throws: WorkFailure.self) { try files.get() }
    }
}
