internal import Blocking
public import FoundationEssentials
import Glibc

/// Objects as files below a directory: a key is the file's path, so people find them with any tool.
///
/// An object is written beside its place as `.….part`, made durable, and renamed: readers see the old object or the new
/// one, also after a power cut. Links below the directory are never followed. Calls run on the store's own threads.
public struct DirectoryStore: BlobStore {
    let path: String
    let root: OpenDirectory
    let keeper: MetadataKeeper
    let threads = BlockingThreadPool<Void>(count: 4, label: "directory")

    /// Opens the directory at `path`, and makes it when it is missing. Blocks briefly: meant for the start.
    ///
    /// - Throws: ``BlobError`` when it cannot be made, opened or written to.
    public init(path: String) throws(BlobError) {
        do {
            let root = try Self.makeRoot(path)
            try self.init(path: path, root: root, keeper: Self.fittingKeeper(root))
        } catch {
            throw error.blobError(subject: path)
        }
    }

    init(path: String, root: OpenDirectory, keeper: MetadataKeeper) {
        self.path = path
        self.root = root
        self.keeper = keeper
    }

    /// Copies the file into its place. Throws `.unreadable` when its bytes do not have the announced SHA-256.
    public func put(
        contentsOf path: String, at key: String, contentType: String, sha256: String
    ) async throws(BlobError) {
        let place = try Place(key)
        let metadata = ObjectMetadata(contentType: contentType, sha256: sha256)
        try metadata.check(for: key)
        try await self.perform(on: key) { cancellation throws(BlobError) in
            let source = ByteSource.file(try Self.open(path), offset: 0)
            try self.store(source, from: path, at: place, metadata: metadata, until: cancellation)
        }
    }

    /// Writes the bytes into their place. Throws `.unreadable` when they do not have the announced SHA-256.
    public func put(
        _ bytes: [UInt8], at key: String, contentType: String, sha256: String
    ) async throws(BlobError) {
        let place = try Place(key)
        let metadata = ObjectMetadata(contentType: contentType, sha256: sha256)
        try metadata.check(for: key)
        try await self.perform(on: key) { cancellation throws(BlobError) in
            try self.store(.memory(bytes), from: key, at: place, metadata: metadata, until: cancellation)
        }
    }

    /// What is stored at `key`; `nil` when nothing is.
    public func information(of key: String) async throws(BlobError) -> BlobInformation? {
        let place = try Place(key)
        return try await self.perform(on: key) { _ throws(BlobError) -> BlobInformation? in
            do throws(SystemCallError) {
                guard let directory = try self.root.directory(at: place.directories),
                    let file = try directory.file(named: place.name)
                else { return nil }
                let metadata = try self.keeper.metadata(of: file, named: place.name, in: directory)
                return BlobInformation(
                    byteCount: try file.status().byteCount, contentType: metadata?.contentType,
                    sha256: metadata?.sha256)
            } catch {
                throw error.blobError(subject: key)
            }
        }
    }

    /// Removes the object; harmless when there is none.
    public func remove(_ key: String) async throws(BlobError) {
        let place = try Place(key)
        try await self.perform(on: key) { _ throws(BlobError) in
            do throws(SystemCallError) {
                guard let directory = try self.root.directory(at: place.directories) else { return }
                try self.keeper.remove(place.name, in: directory)
                try directory.removeFile(named: place.name)
                try directory.synchronize()
                try self.removeEmptyDirectories(place.directories)
            } catch {
                throw error.blobError(subject: key)
            }
        }
    }

    /// All keys that start with `prefix`, in ascending order of their bytes.
    public func keys(startingWith prefix: String) async throws(BlobError) -> [String] {
        try await self.perform(on: prefix) { cancellation throws(BlobError) in
            guard let directories = Place.directories(ofPrefix: prefix) else { return [] }
            var keys: [String] = []
            try self.forEachFile(below: directories, until: cancellation) { file in
                guard !Place.isReserved(file.name), file.key.utf8.starts(with: prefix.utf8) else { return }
                keys.append(file.key)
            }
            return keys.sorted(by: precedesInBytes)
        }
    }

    /// Writes and removes a file, and looks whether the path still leads to the directory that was opened.
    public func checkReadiness() async throws(BlobError) {
        try await self.perform(on: self.path) { _ throws(BlobError) in
            do throws(SystemCallError) {
                guard try OpenDirectory.opening(self.path).isSame(as: self.root) else {
                    throw SystemCallError(call: "open", number: ESTALE)
                }
                _ = try Self.fittingKeeper(self.root)
            } catch {
                throw error.blobError(subject: self.path)
            }
        }
    }

    /// `nil`: the clock is this machine's.
    public func serverTime() -> Date? { nil }

    /// The path of the object's file.
    public func location(of key: String) -> String { "\(self.path)/\(key)" }

    /// Removes what interrupted uploads left beside the object.
    public func removeLeftovers(of key: String) async throws(BlobError) {
        let place = try Place(key)
        try await self.perform(on: key) { _ throws(BlobError) in
            do throws(SystemCallError) {
                guard let directory = try self.root.directory(at: place.directories) else { return }
                for entry in try directory.entries() where entry.kind == .file && PartName.matches(entry.name) {
                    try directory.removeFile(named: entry.name)
                }
            } catch {
                throw error.blobError(subject: key)
            }
        }
    }

    /// Files that nobody has written to for an hour: what is younger may still be in use.
    public func removeOrphans() async throws(BlobError) -> Int {
        try await self.removeOrphans(olderThan: .seconds(3600))
    }

    func removeOrphans(olderThan age: Duration) async throws(BlobError) -> Int {
        try await self.perform(on: self.path) { cancellation throws(BlobError) in
            let newest = time(nil) - Int(age.components.seconds)
            var count = 0
            try self.forEachFile(below: [], until: cancellation) { file throws(SystemCallError) in
                guard PartName.matches(file.name), let part = try file.directory.file(named: file.name),
                    try part.status().modified <= newest
                else { return }
                try file.directory.removeFile(named: file.name)
                count += 1
            }
            return count
        }
    }
}
