/// A job of any kind, seen from outside: what it works for and where it stands.
package struct JobHeader: QueuedJob {
    package let id: ObjectID
    package let kind: JobKind
    package let uploadId: ObjectID?
    package let projectId: ObjectID?
    package let versionId: ObjectID?
    package let groupId: ObjectID?
    package let state: JobState
    package let fence: Int
    package let plan: PlanSummary?
    /// Absent before the first part is done, and in jobs of earlier versions.
    package let counts: JobCounts?
    /// Of an upload of images.
    package let skippedFiles: SkippedFiles?
    package let error: JobError?
    package let isAnnounced: Bool
    package let dates: JobDates

    package var subjectId: ObjectID { self.uploadId ?? self.versionId ?? self.id }
    package var shareId: ObjectID { self.projectId ?? self.groupId ?? self.id }

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case kind, uploadId, projectId, versionId, groupId, state, fence, plan, counts, skippedFiles,
            error
        case isAnnounced = "announced"
        case dates
    }
}
