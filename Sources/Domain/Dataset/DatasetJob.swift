package import FoundationEssentials

/// One run of the work on a dataset version.
package struct DatasetJob: QueuedJob {
    package let id: ObjectID
    package let kind: JobKind
    package let versionId: ObjectID
    package let groupId: ObjectID
    /// 1 for the version's first run. Unique with `versionId`, so that of two requests at once one starts a run.
    package let runNumber: Int
    package let request: DatasetRequest
    package var state: JobState
    package var fence: Int
    package var plan: PlanSummary?
    /// The tasks in the order of the job's parts; known once the job has been planned.
    package var taskIds: [ObjectID]?
    /// What is in training whatever its hash says, see ``SplitAssignment``; set with ``plan``.
    package var trainingName: String?
    package var error: JobError?
    package var isAnnounced: Bool
    package var dates: JobDates

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case kind, versionId, groupId, runNumber, request, state, fence, plan, taskIds, trainingName, error
        case isAnnounced = "announced"
        case dates
    }

    /// A new job, waiting in the queue.
    ///
    /// - Parameter id: made by ``newId(seconds:random:)``.
    package init(id: ObjectID, of version: DatasetVersion, runNumber: Int, request: DatasetRequest, createdAt: Date) {
        self.id = id
        self.kind = .buildDataset
        self.versionId = version.id
        self.groupId = ObjectID(version.group) ?? version.id
        self.runNumber = runNumber
        self.request = request
        self.state = .queued
        self.fence = 1
        self.isAnnounced = false
        self.dates = JobDates(created: createdAt)
    }

    package var subjectId: ObjectID { self.versionId }
    package var shareId: ObjectID { self.groupId }
}

/// What is asked of a build beyond what the version describes.
package struct DatasetRequest: Codable, Hashable, Sendable {
    /// Archives to make, besides those that the version has already.
    package let formats: [DatasetFormat]
    package let splitUnit: SplitUnit

    package init(formats: [DatasetFormat] = [], splitUnit: SplitUnit = .video) {
        self.formats = formats
        self.splitUnit = splitUnit
    }
}
