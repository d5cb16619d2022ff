internal import Domain
internal import Archives
internal import FoundationEssentials
internal import FrameKit
internal import Synchronization

/// One clip's images in an archive, unpacked into files with numbers for names in one pass: archives keep their own
/// order, and no name in them becomes a path.
///
/// Thread rule: any thread may read; the first one unpacks.
final class ArchiveImages: Sendable {
    private let archive: SourceFile
    private let images: [JobImage]
    private let scratch: String
    private let isUnpacked = Mutex(false)

    /// Bytes that one clip's images may unpack to.
    private static let limit = 4 << 30

    /// - Parameter scratch: the folder for the files.
    init(_ archive: SourceFile, _ images: [JobImage], scratch: String) {
        self.archive = archive
        self.images = images
        self.scratch = scratch
    }

    /// The bytes of the image at a position; empty for one that the archive has no longer or holds damaged.
    func bytes(at position: Int) throws -> [UInt8] {
        try self.isUnpacked.withLock { isUnpacked in
            if !isUnpacked { try self.unpack() }
            isUnpacked = true
        }
        let data = try? Data(contentsOf: URL(filePath: self.path(of: position)))  // Missing: its frame is black.
        return data.map { [UInt8]($0) } ?? []
    }

    private func unpack() throws {
        try WorkDirectory.make(at: self.scratch)
        // By place in the archive; jobs of an earlier version know only names, of which the later one counts.
        let places = Dictionary(
            self.images.enumerated().compactMap { number, image in image.position.map { ($0, number) } },
            uniquingKeysWith: { first, _ in first })
        let names = Dictionary(
            self.images.enumerated().map { number, image in (Array(image.name.utf8), number) },
            uniquingKeysWith: { first, _ in first })
        var byteCount = 0
        try self.archive.readArchive { reader in
            while let entry = try reader.next() {
                guard let number = places.isEmpty ? names[Array(entry.name.utf8)] : places[entry.position],
                    let bytes = Self.bytes(&reader)
                else { continue }
                byteCount += bytes.count
                guard byteCount <= Self.limit else {
                    throw WorkFailure.permanent(422, "The archive's images unpack to more than \(Self.limit) bytes.")
                }
                try Data(bytes).write(to: URL(filePath: self.path(of: number)))
            }
        }
    }

    /// The bytes of the reader's present file; `nil` for one that is damaged or too large, whose frame is black.
    private static func bytes(_ reader: inout ArchiveReader) -> [UInt8]? {
        try? reader.bytes(upTo: ImageList.largestFile)  // The task says which image it is.
    }

    private func path(of position: Int) -> String { "\(self.scratch)/\(position)" }
}
