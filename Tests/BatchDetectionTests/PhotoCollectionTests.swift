import Archives
import Glibc
import Testing

@testable import BatchDetection

@Suite struct PhotoCollectionTests {
    @Test func aFolderIsListedInNaturalOrder() async throws {
        try await BatchFixture.with { fixture in
            for name in [
                "card/b10.jpg", "card/b2.JPG", "card/a/c.png", "card/notes.txt", "card/.hidden.jpg", "card/x.heic",
            ] {
                try fixture.write([1], to: name)
            }
            let collection = try PhotoCollection(paths: [fixture.path("card")])
            #expect(collection.photos.map(\.path) == ["a/c.png", "b2.JPG", "b10.jpg", "x.heic"])
            #expect(collection.photos.map(\.folder) == ["a", "", "", ""])
            #expect(Set(collection.photos.map(\.root)) == ["card"])
            #expect(collection.photos[3].problem?.contains("HEIC") == true)
        }
    }

    @Test func filesOfOneFolderAreOneRoot() async throws {
        try await BatchFixture.with { fixture in
            for name in ["card/1.jpg", "card/2.jpg", "card/3.jpg"] { try fixture.write([1], to: name) }
            let collection = try PhotoCollection(paths: [fixture.path("card/3.jpg"), fixture.path("card/1.jpg")])
            #expect(collection.photos.map(\.path) == ["1.jpg", "3.jpg"])
            #expect(collection.roots.count == 1)
        }
    }

    /// Such as the folder of a whole disk, which may have any number of files.
    @Test func theFolderOfAFileIsNotListed() async throws {
        try await BatchFixture.with { fixture in
            for number in 1...9 { try fixture.write([1], to: "card/\(number).jpg") }
            let collection = try PhotoCollection(paths: [fixture.path("card/3.jpg")], limit: 2)
            #expect(collection.photos.map(\.path) == ["3.jpg"])
        }
    }

    @Test func aPathThatIsGivenTwiceCountsOnce() async throws {
        try await BatchFixture.with { fixture in
            try fixture.write([1], to: "card/1.jpg")
            let paths = ["card", "card/", "./card/."].map(fixture.path)
            #expect(try PhotoCollection(paths: paths).photos.map(\.root) == ["card"])
        }
    }

    @Test func aPipeIsNotWaitedFor() async throws {
        try await BatchFixture.with { fixture in
            #expect(unsafe mkfifo(fixture.path("pipe"), 0o600) == 0)
            #expect(throws: BatchError.self) { try PhotoCollection(paths: [fixture.path("pipe")]) }
        }
    }

    @Test func rootsOfOneNameAreToldApart() async throws {
        try await BatchFixture.with { fixture in
            for name in ["a/card/1.jpg", "b/card/1.jpg"] { try fixture.write([1], to: name) }
            let collection = try PhotoCollection(paths: [fixture.path("a/card"), fixture.path("b/card")])
            #expect(collection.photos.map(\.root) == ["card", "card (2)"])
        }
    }

    @Test func anArchivesNamesAreMadeSafe() async throws {
        try await BatchFixture.with { fixture in
            var writer = try ArchiveWriter.zip(at: fixture.path("card.zip"))
            let names = [
                "b.jpg", "Ost\\Kamera\\1.jpg", "../x.jpg", "/absolute.jpg", "a/../../y.jpg", "C:\\z.jpg", "b.jpg",
                "__MACOSX/._b.jpg", "notes.txt",
            ]
            for name in names { try writer.add([1], named: name) }
            try writer.finish()
            let collection = try PhotoCollection(paths: [fixture.path("card.zip")])
            #expect(collection.photos.map(\.path) == ["b (2).jpg", "b.jpg", "Ost/Kamera/1.jpg"])
            #expect(collection.refused.map(\.path) == ["../x.jpg", "/absolute.jpg", "a/../../y.jpg", "C:/z.jpg"])
            #expect(
                collection.readingOrder.map { collection.photos[$0].path } == [
                    "b.jpg", "Ost/Kamera/1.jpg", "b (2).jpg",
                ])
        }
    }

    /// Behind "images/" and the root, such a name would be longer than an archive's directory can tell.
    @Test func aNameThatNoSystemHasIsRefused() async throws {
        try await BatchFixture.with { fixture in
            var writer = try ArchiveWriter.zip(at: fixture.path("card.zip"))
            let long = String(repeating: "L", count: 5000) + ".jpg"
            for name in [long, "b.jpg"] { try writer.add([1], named: name) }
            try writer.finish()
            let collection = try PhotoCollection(paths: [fixture.path("card.zip")])
            #expect(collection.photos.map(\.path) == ["b.jpg"])
            #expect(collection.refused.map(\.path) == [long])
        }
    }

    @Test func anArchiveThatIsChangedIsAnotherOne() async throws {
        try await BatchFixture.with { fixture in
            func stamps(bytes: [UInt8]) throws -> [String] {
                var writer = try ArchiveWriter.zip(at: fixture.path("card.zip"))
                try writer.add(bytes, named: "b.jpg")
                try writer.finish()
                return try PhotoCollection(paths: [fixture.path("card.zip")]).stamps
            }
            let first = try stamps(bytes: [1])
            #expect(first.count == 1)
            #expect(try stamps(bytes: [1, 2]) != first)
        }
    }

    @Test func nothingToLookAtIsAnError() async throws {
        try await BatchFixture.with { fixture in
            try fixture.write(Array("text".utf8), to: "card/notes.txt")
            #expect(throws: BatchError.self) { try PhotoCollection(paths: [fixture.path("card")]) }
            #expect(throws: BatchError.self) { try PhotoCollection(paths: [fixture.path("card/notes.txt")]) }
            #expect(throws: BatchError.self) { try PhotoCollection(paths: [fixture.path("missing")]) }
        }
    }

    @Test func tooManyPhotosAreAnError() async throws {
        try await BatchFixture.with { fixture in
            for number in 1...3 { try fixture.write([1], to: "card/\(number).jpg") }
            #expect(throws: BatchError.self) { try PhotoCollection(paths: [fixture.path("card")], limit: 2) }
            #expect(try PhotoCollection(paths: [fixture.path("card")], limit: 3).photos.count == 3)
        }
    }
}
