internal import Domain
internal import MongoStore

/// The pictures of a version in the order of all formats: by task, by frame, changed ones after their frame.
struct DatasetImages: Sendable {
    let version: ObjectID
    /// In the version's order.
    let tasks: [ObjectID]
    let database: AnnotationDatabase

    /// One task at a time, so that memory does not grow with the version.
    func records(ofTask task: ObjectID) async throws(StoreError) -> [FrameRecord] {
        try await self.database.datasetRecords.records(of: self.version, task: task)
    }
}
