import Foundation
import Testing

@testable import Archives

@Suite struct ArchiveWriterTests {
    private func write(at path: String) throws {
        var writer = try ArchiveWriter.zip(at: path)
        try writer.add(Array("first".utf8), named: "a/first.txt")
        try writer.add([], named: "empty")
        try writer.add(contentsOf: #filePath, named: "straße/日本.swift")
        try writer.finish()
    }

    private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = "\(NSTemporaryDirectory())/archives-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // Nothing is lost when it stays.
        return try body(folder)
    }

    @Test func bytesDependOnNoClock() throws {
        try self.withFolder { folder in
            try self.write(at: "\(folder)/1.zip")
            try self.write(at: "\(folder)/2.zip")
            let bytes = try ["1", "2"].map { try Data(contentsOf: URL(filePath: "\(folder)/\($0).zip")) }
            #expect(bytes[0] == bytes[1])
            // The first entry's time and date in MS-DOS form: midnight of 1980-01-01, whatever the time zone.
            #expect(Array(bytes[0][10..<14]) == [0, 0, 0x21, 0])
        }
    }

    @Test func pythonReadsWhatWasWritten() throws {
        try self.withFolder { folder in
            try self.write(at: "\(folder)/a.zip")
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [
                "-c",
                """
                import sys, zipfile
                archive = zipfile.ZipFile(sys.argv[1])
                assert archive.testzip() is None
                assert archive.namelist() == ["a/first.txt", "empty", "stra\\u00dfe/\\u65e5\\u672c.swift"], archive.namelist()
                assert archive.read("a/first.txt") == b"first" and archive.read("empty") == b""
                assert archive.read(archive.namelist()[2]) == open(sys.argv[2], "rb").read()
                assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
                """, "\(folder)/a.zip", #filePath,
            ]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
    }

    /// Names that libarchive writes over the end of its memory with are refused before it sees them.
    @Test func aNameOfAnyLengthIsWrittenOrRefused() throws {
        try self.withFolder { folder in
            for count in [32_767, 32_768, 65_500, 70_000] {
                var writer = try ArchiveWriter.zip(at: "\(folder)/\(count).zip")
                let name = String(repeating: "n", count: count)
                if count == 32_767 {
                    try writer.add([1], named: name)
                } else {
                    #expect(throws: ArchiveError.self) { try writer.add([1], named: name) }
                }
                try writer.add([2], named: "after")
                try writer.finish()
            }
        }
    }

    @Test func unwritablePathThrows() {
        #expect(throws: ArchiveError.self) { try ArchiveWriter.zip(at: "/dev/null/a.zip").finish() }
    }
}
