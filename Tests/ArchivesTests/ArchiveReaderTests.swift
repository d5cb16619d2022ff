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

    @Test func messagesNameTheFileAsThePersonKnowsItAndNoDescriptor() throws {
        for path in ["/proc/self/fd/999", "/proc/self/exe"] {
            do throws(ArchiveError) {
                var reader = try ArchiveReader.zip(at: path, name: "photos.zip")
                while try reader.next() != nil {}
                Issue.record("\(path) was read as an archive")
            } catch {
                #expect(error.message.hasPrefix("photos.zip: "))
                #expect(!error.message.contains("/proc"))
            }
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

    /// A zip that says nothing about the character set of its names, as old programs write it.
    private static func unmarked(_ names: [[UInt8]]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
        var (files, directory) = ([UInt8](), [UInt8]())
        for name in names {
            // Stored without bytes: version, flags, method, time, date, checksum, two sizes, lengths of name and extra.
            let fields = little(20, 2) + little(0, 20) + little(name.count, 2) + little(0, 2)
            directory += [0x50, 0x4B, 1, 2] + little(20, 2) + fields + little(0, 10) + little(files.count, 4) + name
            files += [0x50, 0x4B, 3, 4] + fields + name
        }
        let counts = little(names.count, 2) + little(names.count, 2)
        return files + directory + [0x50, 0x4B, 5, 6] + little(0, 4) + counts + little(directory.count, 4)
            + little(files.count, 4) + little(0, 2)
    }

    @Test func namesComeByteByByteInTheirOrder() throws {
        let names = [
            [0x84, 0x2E], Array("cafe\u{301}.jpg".utf8), Array("caf\u{e9}.jpg".utf8), Array("b".utf8), Array("b".utf8),
        ]
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zip").path()
        try Data(Self.unmarked(names)).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }  // Made above.
        var reader = try ArchiveReader.zip(at: path)
        var found: [ArchiveReader.Entry] = []
        while let entry = try reader.next() { found.append(entry) }
        #expect(found.map(\.rawName) == names)
        #expect(found.map(\.position) == [0, 1, 2, 3, 4])
        #expect(found.first?.name == "ä.")
    }

    @Test func marksOfUnicodeDoNotChangeNames() throws {
        let names = ["cafe\u{301}.jpg", "caf\u{e9}.jpg"]
        try Self.withArchive(names.map { ($0, [1]) }) { path in
            var reader = try ArchiveReader.zip(at: path)
            for name in names {
                let entry = try reader.next()
                #expect(entry?.rawName == Array(name.utf8))
            }
        }
    }

    @Test func messagesNameTheArchiveAsPeopleDo() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zip").path()
        try Data("this is no archive".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }  // Made above.
        do throws(ArchiveError) {
            var reader = try ArchiveReader.zip(at: path, name: "photos.zip")
            _ = try reader.next()
            Issue.record("it was read")
        } catch {
            #expect(error.message.hasPrefix("photos.zip: "))
            #expect(!error.message.contains(path))
        }
    }
}
