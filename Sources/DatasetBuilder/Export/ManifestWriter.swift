internal import Domain
internal import MongoStore
internal import ObjectStore

/// Writes `manifest.jsonl`: a line for each object of a version, by task and key, then the version's own.
struct ManifestWriter: Sendable {
    let version: DatasetVersion
    let tasks: [ObjectID]
    let item: WorkItem
    let context: BuildContext

    /// Puts the manifest unless it is there already, and returns its SHA-256.
    ///
    /// - Parameter own: the version's objects besides those of its frames.
    func write(own: [DatasetObject]) async throws -> String {
        let scratch = ScratchFile(folder: self.context.settings.workFolder, item: self.item, name: "manifest.jsonl")
        scratch.remove()
        defer { scratch.remove() }
        let path = try scratch.makePath()
        try await self.writeLines(own: own, to: path)
        let sha256 = try await ContentDigest.sha256(ofFileAt: path)
        let object = DatasetObject(
            key: self.version.keys.manifest, contentType: MadeObject.ContentType.jsonLines.rawValue, byteCount: 0,
            sha256: sha256)
        try await self.context.store.putIfOther(object, contentsOf: path)
        return sha256
    }

    private func writeLines(own: [DatasetObject], to path: String) async throws {
        let file = try TextFile.appending(to: path)
        for task in self.tasks.sorted() {
            let records = try await self.context.database.datasetRecords.records(of: self.version.id, task: task)
            let objects = records.flatMap(\.objects).sorted { $0.key < $1.key }
            try file.append(objects.map(\.manifestLine).joined())
        }
        try file.append(own.sorted { $0.key < $1.key }.map(\.manifestLine).joined())
        try file.flush()
    }
}
