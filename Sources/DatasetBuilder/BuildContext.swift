internal import Annotation
internal import Logging
internal import MongoStore

/// What the steps of a dataset's job work with.
struct BuildContext: Sendable {
    let database: AnnotationDatabase
    let store: any BlobStore
    let settings: DatasetSettings
    let logger: Logger

    /// The plan of the version that the job builds.
    ///
    /// - Throws: ``WorkFailure`` when the version is gone or asks for what cannot be made.
    func plan(of job: DatasetJob) async throws -> VersionPlan {
        try await self.plan(of: job.versionId, splitUnit: job.request.splitUnit)
    }

    func plan(of id: ObjectID, splitUnit: SplitUnit) async throws -> VersionPlan {
        guard let version = try await self.database.datasets.find(id) else {
            throw WorkFailure.permanent(404, "There is no dataset version \(id).")
        }
        // Only without enabled entries do the boxes themselves tell the classes.
        let hasClasses = version.labels.contains(where: \.isEnabled)
        let labels =
            hasClasses ? [] : try await self.database.datasetFrames.labels(ofTasks: version.taskIds, in: version.id)
        do throws(AugmentationError) {
            return try VersionPlan(
                version, labels: labels, rules: self.settings.rules, splitUnit: splitUnit)
        } catch {
            throw WorkFailure.permanent(422, error.description)
        }
    }
}
