internal import Annotation
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
    private let names: [String]
    private let scratch: String
    private let isUnpacked = Mutex(false)

    /// Bytes that one clip's images may unpack to.
    private static let limit = 4 << 30

    /// - Parameter scratch: the folder for the files.
    init(_ archive: SourceFile, names: [String], scratch: String) {
        self.archive = archive
        self.names = names
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
        try FileManager.default.createDirectory(atPath: self.scratch, withIntermediateDirectories: true)
        let positions = Dictionary(self.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var byteCount = 0
        try self.archive.readArchive { reader in
            while let entry = try reader.next() {
                guard let position = positions[entry.name] else { continue }
                let bytes = try reader.bytes(upTo: ImageFolder.largestFile)
                byteCount += bytes.count
                guard byteCount <= Self.limit else {
                    throw UnitFailure.permanent(422, "The archive's images unpack to more than \(Self.limit) bytes.")
                }
                try Data(bytes).write(to: URL(filePath: self.path(of: position)))
            }
        }
    }

    private func path(of position: Int) -> String { "\(self.scratch)/\(position)" }
}
