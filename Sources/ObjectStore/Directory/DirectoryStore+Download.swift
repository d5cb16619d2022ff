internal import Blocking
import Crypto

/// Reading whole objects.
extension DirectoryStore {
    /// Writes the object's bytes to the file at `path`; `nil` when there is no object, and then the file is empty.
    public func download(_ key: String, to path: String) async throws(BlobError) -> BlobInformation? {
        let place = try Place(key)
        return try await self.perform(on: key) { cancellation throws(BlobError) in
            let copied: Copied?
            do throws(SystemCallError) {
                copied = try self.copy(place, to: path, until: cancellation)
            } catch {
                throw error.blobError(subject: key)
            }
            guard let copied else { return nil }
            guard copied.metadata == nil || copied.metadata?.sha256 == copied.sha256 else {
                throw BlobError(code: .unreadable, subject: key, message: ObjectMetadata.storedBytesDiffer)
            }
            return BlobInformation(
                byteCount: copied.byteCount, contentType: copied.metadata?.contentType, sha256: copied.sha256)
        }
    }

    /// Where the object's file is or would be; never `nil`.
    public func filePath(of key: String) throws(BlobError) -> String? { "\(self.path)/\(try Place(key).key)" }

    /// A `file:` URL, which never ends.
    public func presignedURL(of key: String, validFor validity: Duration) throws(BlobError) -> String {
        let path = percentEncoded("\(self.path)/\(try Place(key).key)", keepingSlashes: true)
        return "file://\(path)"
    }

    private struct Copied {
        let byteCount: Int64
        let sha256: String
        let metadata: ObjectMetadata?
    }

    /// `nil` when there is no object. Blocks.
    private func copy(
        _ place: Place, to path: String, until cancellation: Cancellation
    ) throws(SystemCallError) -> Copied? {
        let target = try OpenFile.writing(path)
        guard let directory = try self.root.directory(at: place.directories),
            let file = try directory.file(named: place.name)
        else { return nil }
        var digest = SHA256()
        var byteCount: Int64 = 0
        try unsafe ByteSource.file(file, offset: 0).forEachBlock(until: cancellation) { block throws(SystemCallError) in
            unsafe digest.update(bufferPointer: block)
            byteCount += Int64(block.count)
            try unsafe target.append(block)
        }
        return Copied(
            byteCount: byteCount, sha256: digest.finalize().hexadecimalDigits,
            metadata: try self.keeper.metadata(of: file, named: place.name, in: directory))
    }
}
