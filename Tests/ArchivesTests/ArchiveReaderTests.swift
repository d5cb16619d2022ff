import Foundation
import Testing

@testable import Archives

@Suite struct ArchiveReaderTests {
    private static func withArchive(_ files: [(String, [UInt8])], _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zip").path()
        defer { try? FileManager.default.removeItem(atPath: path) }  // Gone already when writing failed.
        var writer = try ArchiveWriter.zip(at: path)
        for (name, bytes) in files { try writer.add(bytes, named: name) }
        try writer.finish()
        try body(path)
    }

    @Test func filesComeBackWithTheirNames() throws {
        let files: [(String, [UInt8])] = [("a/ä.png", Array(repeating: 7, count: 300_000)), ("b.jpg", [])]
        try Self.withArchive(files) { path in
            var reader = try ArchiveReader.zip(at: path)
            for (name, bytes) in files {
                let entry = try reader.next()
                #expect(entry?.name == name)
                #expect(entry?.byteCount == Int64(bytes.count))
                let read = try reader.bytes(upTo: 1 << 20)
                #expect(read == bytes)
            }
            let end = try reader.next()
            #expect(end == nil)
        }
    }

    @Test func moreBytesThanAllowedAreRefused() throws {
        try Self.withArchive([("bomb.png", Array(repeating: 0, count: 100_000))]) { path in
            var reader = try ArchiveReader.zip(at: path)
            _ = try reader.next()
            do throws(ArchiveError) {
                _ = try reader.bytes(upTo: 99_999)
                Issue.record("a file over the limit was read")
            } catch {
                #expect(error.code == .invalidData)
            }
        }
    }

    @Test func otherBytesAreNoArchive() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zip").path()
        try Data("this is no archive".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }  // Made above.
        #expect(throws: ArchiveError.self) {
            var reader = try ArchiveReader.zip(at: path)
            _ = try reader.next()
        }
    }
}
