package import Domain
internal import FoundationEssentials
package import Logging
package import MongoStore
package import ObjectStore

/// Writes a finished version below a folder of this machine: a folder for each format, with its pictures.
package struct FolderExport: Sendable {
    private let context: BuildContext
    /// Pictures that are copied at a time.
    private static let copyCount = 4

    package init(database: AnnotationDatabase, store: any BlobStore, settings: DatasetSettings, logger: Logger) {
        self.context = BuildContext(database: database, store: store, settings: settings, logger: logger)
    }

    /// Writes `format` to `folder`/<format>, in place of an earlier export there.
    ///
    /// - Returns: how many pictures it has.
    /// - Throws: `BlobError`, `StoreError` or `WorkFailure`; the latter also for a folder that is no export.
    package func write(_ format: DatasetFormat, ofJob job: DatasetJob, to folder: String) async throws -> Int {
        let plan = try await self.context.plan(of: job)
        let images = DatasetImages(
            version: job.versionId, tasks: job.taskIds ?? [], database: self.context.database)
        let texts = FormatTexts(format: format, classes: plan.classes, images: images)
        let target = "\(folder)/\(format.rawValue)"
        try Self.prepare(target)
        _ = try await texts.write(below: target)
        var count = 0
        for task in images.tasks {
            let pictures = try await images.records(ofTask: task).flatMap(\.images)
            count += try await self.copy(pictures, texts: texts, to: target)
        }
        return count
    }

    /// Tells an earlier export from folders of others.
    private static let mark = ".dataset_processor"

    /// Takes an earlier export away; what is no export stays, and is an error.
    private static func prepare(_ target: String) throws(WorkFailure) {
        let manager = FileManager.default
        if manager.fileExists(atPath: target), !manager.fileExists(atPath: "\(target)/\(Self.mark)") {
            throw .permanent(409, "\(target) exists and is no export of a dataset; it stays as it is.")
        }
        WorkDirectory.remove(at: target)
        try WorkDirectory.make(around: "\(target)/\(Self.mark)")
        let file = try TextFile.appending(to: "\(target)/\(Self.mark)")
        try file.append("An export of dataset_processor, which replaces it when it writes here again.\n")
    }

    private func copy(_ pictures: [DatasetImage], texts: FormatTexts, to target: String) async throws -> Int {
        let copies = texts.places(ofTask: pictures).map { (key: $0.image.key, path: "\(target)/\($0.path)") }
        try await copies.concurrentForEach(limit: Self.copyCount) { try await self.copy($0.key, to: $0.path) }
        return copies.count
    }

    private func copy(_ key: String, to path: String) async throws {
        try WorkDirectory.make(around: path)
        guard try await self.context.store.download(key, to: path) != nil else {
            throw WorkFailure.attempt(500, "The object \(key) is not in the store.")
        }
    }
}
