internal import Blocking
import Crypto
import Glibc

/// The store's blocking steps; they run on its threads.
extension DirectoryStore {
    /// Opens the directory at `path`, and makes it and those above it when they are missing.
    static func makeRoot(_ path: String) throws(SystemCallError) -> OpenDirectory {
        for end in path.indices.dropFirst() where path[end] == "/" { try self.makeDirectory(String(path[..<end])) }
        try self.makeDirectory(path)
        return try OpenDirectory.opening(path)
    }

    private static func makeDirectory(_ path: String) throws(SystemCallError) {
        // EISDIR, EROFS and the like come for directories that exist too: opening decides.
        if unsafe mkdir(path, 0o755) < 0, errno == ENOSPC || errno == ENAMETOOLONG {
            throw SystemCallError(call: "mkdir")
        }
    }

    /// Writes a file into `root` and tries which way of keeping metadata its file system knows.
    static func fittingKeeper(_ root: OpenDirectory) throws(SystemCallError) -> MetadataKeeper {
        let part = PartName.random()
        let file = try root.makeFile(named: part)
        let keeper = Result { () throws(SystemCallError) in
            try file.append("ready")
            return try MetadataKeeper.fitting(file)
        }
        try root.removeFile(named: part)
        return try keeper.get()
    }

    static func open(_ path: String) throws(BlobError) -> OpenFile {
        do {
            return try OpenFile.reading(path)
        } catch {
            throw error.unreadable(subject: path)
        }
    }

    /// Copies `source` to its place, so that the object is there whole or not at all.
    func store(
        _ source: ByteSource, from path: String, at place: Place, metadata: ObjectMetadata,
        until cancellation: Cancellation
    ) throws(BlobError) {
        let sha256: String
        do {
            sha256 = try self.write(source, at: place, metadata: metadata, until: cancellation)
        } catch let error where error.call == "pread" {
            throw error.unreadable(subject: path)
        } catch {
            throw error.blobError(subject: place.key)
        }
        guard sha256 == metadata.sha256 else {
            throw BlobError(code: .unreadable, subject: path, message: ObjectMetadata.digestMismatch)
        }
    }

    /// Returns the SHA-256 of what was read; when it is another than announced, nothing is stored.
    private func write(
        _ source: ByteSource, at place: Place, metadata: ObjectMetadata, until cancellation: Cancellation
    ) throws(SystemCallError) -> String {
        let (directory, part, file) = try self.makePart(at: place)
        do throws(SystemCallError) {
            var digest = SHA256()
            try unsafe source.forEachBlock(until: cancellation) { block throws(SystemCallError) in
                unsafe digest.update(bufferPointer: block)
                try unsafe file.append(block)
            }
            let sha256 = digest.finalize().hexadecimalDigits
            guard sha256 == metadata.sha256 else {
                self.discard(part, in: directory, at: place)
                return sha256
            }
            try self.keeper.keep(metadata, for: file, named: place.name, in: directory)
            try file.synchronize()
            try directory.rename(part, to: place.name)
            try directory.synchronize()
            return sha256
        } catch {
            self.discard(part, in: directory, at: place)
            throw error
        }
    }

    /// Takes back what a failed write has made.
    private func discard(_ part: String, in directory: OpenDirectory, at place: Place) {
        // Why the write failed matters more than a part that stays: `removeOrphans` finds it.
        try? directory.removeFile(named: part)
        // As above; an empty directory is nothing to the store.
        try? self.removeEmptyDirectories(place.directories)
    }

    /// A new, hidden file in the directory of `place`.
    private func makePart(
        at place: Place
    ) throws(SystemCallError) -> (directory: OpenDirectory, name: String, file: OpenFile) {
        var attempts = 0
        while true {
            do throws(SystemCallError) {
                let directory = try self.root.makeDirectory(at: place.directories)
                let name = PartName.random()
                return (directory, name, try directory.makeFile(named: name))
            } catch let error where error.number == ENOENT && attempts < 100 {
                // Another call has removed a directory on the way, which was empty until now.
                attempts += 1
            }
        }
    }

    /// Removes those of the nested `directories` that are empty, from the innermost on.
    func removeEmptyDirectories(_ directories: [String]) throws(SystemCallError) {
        for depth in directories.indices.reversed() {
            guard let parent = try self.root.directory(at: directories[..<depth]),
                try parent.removeEmptyDirectory(named: directories[depth])
            else { return }
        }
    }

    /// One regular file below the store's root.
    struct File {
        let key: String
        let name: String
        let directory: OpenDirectory
    }

    /// Shows `body` every regular file below `directories`, in no order. Links are not followed.
    func forEachFile(
        below directories: [String], until cancellation: Cancellation,
        _ body: (File) throws(SystemCallError) -> Void
    ) throws(BlobError) {
        var pending = [directories]
        do throws(SystemCallError) {
            while let path = pending.popLast() {
                guard !cancellation.isRequested else { throw SystemCallError.cancelled }
                guard let directory = try self.root.directory(at: path) else { continue }
                for entry in try directory.entries() {
                    let place = path + [entry.name]
                    switch entry.kind {
                    case .directory: pending.append(place)
                    case .file:
                        try body(File(key: place.joined(separator: "/"), name: entry.name, directory: directory))
                    case .other: break
                    }
                }
            }
        } catch {
            throw error.blobError(subject: self.path)
        }
    }

    /// Runs `body` on one of the store's threads.
    func perform<Success: Sendable>(
        on subject: String, _ body: @escaping @Sendable (Cancellation) throws(BlobError) -> Success
    ) async throws(BlobError) -> Success {
        try await self.threads.run(orWhenDropped: SystemCallError.cancelled.blobError(subject: subject)) {
            _, cancellation throws(BlobError) in
            try body(cancellation)
        }
    }
}
