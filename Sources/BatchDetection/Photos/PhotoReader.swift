internal import Archives
internal import ContentPipeline
internal import Domain
internal import FoundationEssentials

/// Reads the bytes of a collection's photos. An archive is read once from its start to its end when photos are asked
/// for in ``PhotoCollection/readingOrder``.
///
/// Every method blocks; used by one thread at a time.
final class PhotoReader {
    private let collection: PhotoCollection
    private var cursor: Cursor?

    init(_ collection: PhotoCollection) { self.collection = collection }

    /// The photo's file.
    ///
    /// - Throws: ``BatchError`` that says what is wrong with this file alone, as in "is damaged".
    func bytes(of photo: Photo) throws(BatchError) -> [UInt8] {
        if let problem = photo.problem { throw BatchError("The file \(problem).") }
        switch self.collection.places[photo.number] {
        case .folder(let root, let image):
            do {
                return try ImageFolder(path: self.collection.roots[root].path).bytes(of: image)
            } catch {
                throw BatchError("The file was changed or removed since it was listed, or it cannot be read.")
            }
        case .archive(let root, let position):
            do {
                return try self.cursor(in: root, before: position).bytes(at: position)
            } catch {
                throw BatchError("The file cannot be read from its archive: \(error.message).")
            }
        }
    }

    /// The one that is open, unless it has gone past `position` already.
    private func cursor(in root: Int, before position: Int) throws(ArchiveError) -> Cursor {
        if let cursor, cursor.root == root, cursor.position < position { return cursor }
        let cursor = Cursor(try ArchiveReader.zip(at: self.collection.roots[root].path), root: root)
        self.cursor = cursor
        return cursor
    }

    /// An open archive.
    private final class Cursor {
        let root: Int
        private var reader: ArchiveReader
        /// Of the entry that was read last; -1 before the first.
        private(set) var position = -1

        init(_ reader: consuming ArchiveReader, root: Int) {
            self.reader = reader
            self.root = root
        }

        func bytes(at wanted: Int) throws(ArchiveError) -> [UInt8] {
            while let entry = try self.reader.next() {
                self.position = entry.position
                guard entry.position == wanted else { continue }
                return try self.reader.bytes(upTo: ImageList.largestFile)
            }
            // Listed before: the archive was changed meanwhile.
            self.position = .max
            return []
        }
    }
}
