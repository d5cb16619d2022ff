/// One frame of a task as annotators see it: a document of `AnnotationFrame`.
package struct AnnotationFrame: Encodable, Hashable, Sendable {
    package let id: ObjectID
    package let taskId: ObjectID
    /// The job that made the frame; the mark by which this service knows its own documents.
    package let runId: ObjectID
    /// Position in the clip, from 1.
    package let frameId: Int
    package let status: Int
    package let isEmpty: Bool
    package let boxes: [AutomaticBox]
    // Empty until people or dataset builds fill them.
    package let commentBoxes: [String]
    package let datasetVersions: [ObjectID]

    private enum CodingKeys: String, CodingKey {
        case id = "_id"
        case taskId, runId, frameId, status, isEmpty, boxes, commentBoxes, datasetVersions
    }

    /// The new frames of a task in clip order.
    ///
    /// - Parameter boxes: of each frame; frames that are not named have none.
    package static func frames(
        of job: ProcessingJob, clip: ClipPlan, boxes: [[AutomaticBox]] = []
    ) -> [AnnotationFrame] {
        let taskId = job.taskId(ofClip: clip.index)
        return (1...clip.frameCount).map { frameId in
            let own = frameId <= boxes.count ? boxes[frameId - 1] : []
            return AnnotationFrame(
                id: job.frameId(ofClip: clip.index, frameId: frameId), taskId: taskId, runId: job.id,
                frameId: frameId, status: 0, isEmpty: own.isEmpty, boxes: own, commentBoxes: [], datasetVersions: [])
        }
    }
}
