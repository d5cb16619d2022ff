/// One frame of a task as annotators see it: a document of `AnnotationFrame`.
package struct AnnotationFrame: Codable, Hashable, Sendable {
    package let id: ObjectID
    package let taskId: ObjectID
    /// The job that made the frame; the mark by which this service knows its own documents.
    package let runId: ObjectID
    /// Position in the clip, from 1.
    package let frameId: Int
    package let status: Int
    package let isEmpty: Bool
    // Empty until annotators or people fill them; a box's form is in the contract, section 2.
    package let boxes: [String]
    package let commentBoxes: [String]
    package let datasetVersions: [ObjectID]

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case taskId, runId, frameId, status, isEmpty, boxes, commentBoxes, datasetVersions
    }

    /// The new frames of a task, without boxes, in clip order.
    package static func emptyFrames(of job: ProcessingJob, clip: ClipPlan) -> [AnnotationFrame] {
        let taskId = job.taskId(ofClip: clip.index)
        return (1...clip.frameCount).map { frameId in
            AnnotationFrame(
                id: job.frameId(ofClip: clip.index, frameId: frameId), taskId: taskId, runId: job.id,
                frameId: frameId, status: 0, isEmpty: true, boxes: [], commentBoxes: [], datasetVersions: [])
        }
    }
}
