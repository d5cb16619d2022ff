import Archives
import Domain
import FoundationEssentials
import Testing

@testable import BatchDetection

@Suite struct DetectionRunTests {
    /// Five photos, of which the second and the fifth are bright and the third is no picture.
    private func card(_ fixture: BatchFixture) throws -> PhotoCollection {
        for (number, isBright) in [(1, false), (2, true), (4, false), (5, true)] {
            try fixture.write(try BatchFixture.jpeg(isBright: isBright), to: "card/\(number).jpg")
        }
        try fixture.write(Array("text".utf8), to: "card/3.jpg")
        return try PhotoCollection(paths: [fixture.path("card")])
    }

    private func members(of path: String) throws -> [String: [UInt8]] {
        var reader = try ArchiveReader.zip(at: path)
        var members: [String: [UInt8]] = [:]
        while let entry = try reader.next() { members[entry.name] = try reader.bytes(upTo: 1 << 24) }
        return members
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    @Test func everyPhotoIsCounted() async throws {
        try await BatchFixture.with { fixture in
            let run = fixture.run(try self.card(fixture), output: "r.zip")
            let counts = try await run.run(.fresh) { _ in }
            #expect(counts.found == 5 && counts.done == 4 && counts.failed == 1)
            #expect(counts.withDetections == 2 && counts.boxes == 2)
            let members = try self.members(of: fixture.path("r.zip"))
            #expect(members["images/card/2.jpg"] == [UInt8](try self.bytes(fixture.path("card/2.jpg"))))
            #expect(members.keys.contains("boxes/card/2.jpg") && !members.keys.contains("images/card/3.jpg"))
            let text = String(decoding: members["md_results.json"] ?? [], as: UTF8.self)
            #expect(text.contains("\"bbox\": [0.00000, 0.00000, 0.50000, 1.00000]"))
            #expect(text.contains("{\"file\": \"3.jpg\", \"failure\": "))
            let failures = String(decoding: members["failures.csv"] ?? [], as: UTF8.self)
            #expect(failures.split(separator: "\r\n").count == 2)
            #expect(!FileManager.default.fileExists(atPath: fixture.path("r.zip.parts")))
        }
    }

    @Test(arguments: [(ImageInclusion.detected, 2), (.all, 4), (.none, 0)])
    func photosLieInTheReportAsAsked(inclusion: ImageInclusion, count: Int) async throws {
        try await BatchFixture.with { fixture in
            _ = try await fixture.run(try self.card(fixture), output: "r.zip", inclusion: inclusion).run(.fresh) { _ in
            }
            let members = try self.members(of: fixture.path("r.zip"))
            #expect(members.keys.count { $0.hasPrefix("images/") } == count)
            #expect(members.keys.count { $0.hasPrefix("boxes/") } == count)
        }
    }

    @Test func picturesWithBoxesHaveNamesOfTheirOwn() async throws {
        try await BatchFixture.with { fixture in
            let png = try PNGFile.grey(width: 16, height: 8, level: 20)
            for (name, bytes) in [("a.png", png), ("a.png.jpg", try BatchFixture.jpeg(isBright: true))] {
                try fixture.write(bytes, to: "card/\(name)")
            }
            let collection = try PhotoCollection(paths: [fixture.path("card")])
            _ = try await fixture.run(collection, output: "r.zip").run(.fresh) { _ in }
            let boxes = try self.members(of: fixture.path("r.zip")).keys.filter { $0.hasPrefix("boxes/") }
            #expect(boxes.sorted() == ["boxes/card/a.png (2).jpg", "boxes/card/a.png.jpg"])
        }
    }

    @Test func aPhotoThatIsLostBeforeTheReportIsLeftOut() async throws {
        try await BatchFixture.with { fixture in
            let run = fixture.run(try self.card(fixture), output: "r.zip")
            let counts = try await run.run(.fresh) { progress in
                guard progress.done == progress.total else { return }
                try? FileManager.default.removeItem(atPath: fixture.path("card/2.jpg"))  // The test would fail.
            }
            #expect(counts.found == 5 && counts.done == 4)
            let members = try self.members(of: fixture.path("r.zip"))
            #expect(members.keys.contains("boxes/card/2.jpg") && !members.keys.contains("images/card/2.jpg"))
            let failures = String(decoding: members["failures.csv"] ?? [], as: UTF8.self)
            #expect(failures.contains("card,,2.jpg,left out,"))
        }
    }

    /// libjpeg's limit is 65,500 pixels.
    @Test func aPhotoTooWideForJPEGHasNoPictureWithBoxes() async throws {
        try await BatchFixture.with { fixture in
            try fixture.write(try PNGFile.grey(width: 65_501, height: 1, level: 230), to: "card/wide.png")
            let collection = try PhotoCollection(paths: [fixture.path("card")])
            let counts = try await fixture.run(collection, output: "r.zip").run(.fresh) { _ in }
            #expect(counts.done == 1)
            let members = try self.members(of: fixture.path("r.zip"))
            #expect(members.keys.contains("images/card/wide.png"))
            #expect(!members.keys.contains { $0.hasPrefix("boxes/") })
        }
    }

    @Test func aResumedRunGivesTheSameBytes() async throws {
        try await BatchFixture.with { fixture in
            let collection = try self.card(fixture)
            _ = try await fixture.run(collection, output: "whole.zip").run(.fresh) { _ in }
            let journal = try await self.interrupted(fixture, collection)
            // After the header and any line more.
            let lines = journal.split(separator: 0x0A)
            for count in 1...lines.count {
                try fixture.write(
                    Array(lines.prefix(count).joined(separator: [0x0A]) + [0x0A]), to: "r.zip.parts/journal.jsonl")
                _ = try await fixture.run(collection, output: "r.zip").run(.resume) { _ in }
                #expect(
                    try self.bytes(fixture.path("r.zip")) == self.bytes(fixture.path("whole.zip")),
                    "after \(count) lines")
                try FileManager.default.removeItem(atPath: fixture.path("r.zip"))
                _ = try await self.interrupted(fixture, collection)
            }
        }
    }

    /// A run that got as far as its report: its journal, and the pictures that belong to it.
    private func interrupted(_ fixture: BatchFixture, _ collection: PhotoCollection) async throws -> [UInt8] {
        // A folder where the report goes cannot be replaced by a file.
        let path = fixture.path("r.zip")
        await #expect(throws: BatchError.self) {
            _ = try await fixture.run(collection, output: "r.zip").run(.replace) { progress in
                guard progress.done == progress.total else { return }
                // try?: without the folder no error comes, and the expectation fails.
                try? FileManager.default.createDirectory(atPath: "\(path)/x", withIntermediateDirectories: true)
            }
        }
        try FileManager.default.removeItem(atPath: fixture.path("r.zip"))
        return [UInt8](try self.bytes(fixture.path("r.zip.parts/journal.jsonl")))
    }

    @Test func anOutputAmongThePhotosAddsNone() async throws {
        try await BatchFixture.with { fixture in
            let collection = try self.card(fixture)
            // A folder where the report would go cannot be replaced by a file.
            try FileManager.default.createDirectory(
                atPath: fixture.path("card/r.zip"), withIntermediateDirectories: true)
            await #expect(throws: BatchError.self) {
                _ = try await fixture.run(collection, output: "card/r.zip").run(.replace) { _ in }
            }
            #expect(try PhotoCollection(paths: [fixture.path("card")]).photos == collection.photos)
        }
    }

    @Test func aFolderIsNoOutput() async throws {
        try await BatchFixture.with { fixture in
            let collection = try self.card(fixture)
            try FileManager.default.createDirectory(atPath: fixture.path("r.zip"), withIntermediateDirectories: true)
            await #expect(throws: BatchError.self) {
                _ = try await fixture.run(collection, output: "r.zip").run(.replace) { _ in
                    Issue.record("It began to work.")
                }
            }
        }
    }

    @Test func nothingIsReplacedUnasked() async throws {
        try await BatchFixture.with { fixture in
            let collection = try self.card(fixture)
            try fixture.write([1], to: "r.zip")
            await #expect(throws: BatchError.self) {
                _ = try await fixture.run(collection, output: "r.zip").run(.fresh) { _ in }
            }
            #expect(try self.bytes(fixture.path("r.zip")) == Data([1]))
            _ = try await fixture.run(collection, output: "r.zip").run(.replace) { _ in }
            #expect(try self.bytes(fixture.path("r.zip")).count > 1000)
        }
    }

    @Test func aRunIsNotResumedWithChangedPhotos() async throws {
        try await BatchFixture.with { fixture in
            _ = try await self.interrupted(fixture, try self.card(fixture))
            try fixture.write(try BatchFixture.jpeg(isBright: true), to: "card/1.jpg")
            let changed = try PhotoCollection(paths: [fixture.path("card")])
            let error = await #expect(throws: BatchError.self) {
                _ = try await fixture.run(changed, output: "r.zip").run(.resume) { _ in }
            }
            #expect(error?.description.contains("not those of the earlier run") == true)
        }
    }

    @Test func anUnfinishedRunIsNotForgottenUnasked() async throws {
        try await BatchFixture.with { fixture in
            let collection = try self.card(fixture)
            _ = try await self.interrupted(fixture, collection)
            let error = await #expect(throws: BatchError.self) {
                _ = try await fixture.run(collection, output: "r.zip").run(.fresh) { _ in }
            }
            #expect(error?.description.contains("--resume") == true)
        }
    }

    @Test func twoRunsForOneOutputAreOneTooMany() async throws {
        try await BatchFixture.with { fixture in
            let collection = try self.card(fixture)
            let folder = try await RunFolder.open(for: fixture.path("r.zip"))
            await #expect(throws: BatchError.self) {
                _ = try await fixture.run(collection, output: "r.zip").run(.fresh) { _ in }
            }
            withExtendedLifetime(folder) {}
        }
    }

    @Test func aPhotoThatEndsTheProgramTwiceIsSkipped() async throws {
        try await BatchFixture.with { fixture in
            let collection = try self.card(fixture)
            let journal = try await self.interrupted(fixture, collection)
            let header = try #require(journal.split(separator: 0x0A).first)
            let starts =
                ["{\"started\":[0,1]}", "{\"started\":[1]}", "{\"started\":[1]}"].joined(separator: "\n") + "\n"
            try fixture.write(Array(header) + [0x0A] + Array(starts.utf8), to: "r.zip.parts/journal.jsonl")
            let counts = try await fixture.run(collection, output: "r.zip").run(.resumeAfterCrash) { _ in }
            #expect(counts.failed == 2 && counts.withDetections == 1)
        }
    }
}
