package import FoundationEssentials

/// One clip of an upload as annotators see it: a document of `AnnotationTask`.
///
/// Written whole by this service once, and owned by the backend from then on. What it says of the clip stands beside
/// the ids, as in ``ClipTask``.
@dynamicMemberLookup
package struct AnnotationTask: Encodable, Hashable, Sendable {
    package let id: ObjectID
    package let projectId: ObjectID
    package let uploadId: ObjectID
    /// The job that made the task.
    package let runId: ObjectID
    private let clip: ClipTask

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case projectId, uploadId, runId
    }

    package subscript<Value>(dynamicMember path: KeyPath<ClipTask, Value>) -> Value { self.clip[keyPath: path] }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.id, forKey: .id)
        try container.encode(self.projectId, forKey: .projectId)
        try container.encode(self.uploadId, forKey: .uploadId)
        try container.encode(self.runId, forKey: .runId)
        try self.clip.encode(to: encoder)
    }
}

extension AnnotationTask {
    /// The new task of one encoded clip.
    ///
    /// - Parameters:
    ///   - job: gives the ids and the video's name.
    ///   - clip: gives the frames; its positions lie in `timeline`.
    ///   - createdAt: when the task becomes visible.
    package init(of job: ProcessingJob, clip: ClipPlan, timeline: FrameTimeline, facts: ClipFacts, createdAt: Date) {
        self.id = job.taskId(ofClip: clip.index)
        self.projectId = job.projectId
        self.uploadId = job.uploadId
        self.runId = job.id
        self.clip = ClipTask(
            videoName: job.videoName, clip: clip, timeline: timeline, facts: facts, createdAt: createdAt)
    }
}
