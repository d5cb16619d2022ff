import Domain
import Foundation
import Testing

@testable import ContentPipeline

@Suite struct ImageListTests {
    static let kinds: [(String, isImage: Bool)] = [
        ("a.jpg", true), ("a.JPEG", true), ("a.jpe", true), ("a.jfif", true), ("sub/a.png", true), ("a.b.webp", true),
        ("a.gif", false), ("a.tiff", false), ("jpg", false), ("", false), (".a.jpg", false), ("sub/.a.jpg", false),
        ("__MACOSX/a.jpg", false), ("sub/__MACOSX/a.jpg", false),
    ]

    @Test(arguments: kinds)
    func whatIsNoImageHasAReason(name: String, isImage: Bool) {
        #expect((ImageList.kindProblem(name) == nil) == isImage)
    }

    @Test func theLaterOfTwoFilesOfOneNameStays() {
        var list = ImageList()
        for (position, name) in ["b.jpg", "cafe\u{301}.jpg", "b.jpg", "caf\u{e9}.jpg"].enumerated() {
            list.add(JobImage(name: name, byteCount: 1, modified: 0, position: position))
        }
        list.keepLatest { Array($0.name.utf8) }
        #expect(list.images.map(\.position) == [1, 2, 3])
        #expect(list.skipped.files.map(\.name) == ["b.jpg"])
    }

    @Test func allSkippedFilesAreCountedAndTheFirstOnesNamed() {
        var list = ImageList()
        for number in 0..<1000 { list.add(JobImage(name: "\(number).gif", byteCount: 1, modified: 0)) }
        #expect(list.skipped.count == 1000)
        #expect(list.skipped.files.count == SkippedFiles.namedLimit)
    }

    @Test func aNameThatIsNoUTF8LeadsToItsFile() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // Made above.
        let path = Array("\(folder)/gr".utf8) + [0x81] + Array("n.png".utf8) + [0]
        let file = open(path.map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY, 0o600)
        #expect(write(file, [7, 8] as [UInt8], 2) == 2)
        close(file)
        let images = try ImageFolder(path: folder).list().images
        #expect(images.map(\.name) == ["grün.png"])
        let image = try #require(images.first)
        #expect(try ImageFolder(path: folder).bytes(of: image) == [7, 8])
    }
}
