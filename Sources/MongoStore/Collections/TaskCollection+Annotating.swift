package import Domain
package import MongoDriver

/// Tasks whose clips are to be annotated.
extension TaskCollection {
    /// What annotating a task's clip takes; read with tolerance, since the replaced system wrote some of them.
    package struct AnnotatableTask: Sendable {
        package let id: ObjectID
        package let name: String
        /// The clip's object key; `nil` where the document has none.
        package let objectKey: String?
        /// Pixels of the picture without its pad; `nil` where the document does not say.
        package let width: Int?
        package let height: Int?
        package let frameCount: Int
        /// The version that the frames carry; 0 for none.
        package let version: Int
    }

    /// The upload's tasks in the order of their ids.
    package func annotatable(ofUpload id: ObjectID) async throws(StoreError) -> [AnnotatableTask] {
        try await self.tasks.find(Query(["uploadId": .objectID(id)], sort: ["_id": 1])).compactMap(Self.annotatable)
    }

    package func annotatable(_ id: ObjectID) async throws(StoreError) -> AnnotatableTask? {
        try await self.tasks.findOne(["_id": .objectID(id)]).flatMap(Self.annotatable)
    }

    /// The project's tasks whose audit people passed, in the order of their ids.
    package func accepted(inProject id: ObjectID) async throws(StoreError) -> [AnnotatableTask] {
        let passed = [AuditStatus.accepted, .completed].map { BSONValue.int($0.rawValue) }
        return try await self.tasks.find(
            Query(["projectId": .objectID(id), "auditStatus": ["$in": .array(passed)]], sort: ["_id": 1])
        ).compactMap(Self.annotatable)
    }

    /// The boxes of each of the task's frames, by `frameId`, whoever drew them.
    package func boxes(ofTask id: ObjectID) async throws(StoreError) -> [Int: [Detection]] {
        var boxes: [Int: [Detection]] = [:]
        for frame in try await self.frames.find(
            Query(["taskId": .objectID(id)], projection: ["frameId": 1, "boxes": 1]))
        {
            guard let number = frame["frameId"]?.intValue else { continue }
            boxes[number] = (frame["boxes"]?.arrayValue ?? []).compactMap(Self.detection)
        }
        return boxes
    }

    private static func detection(_ box: BSONValue) -> Detection? {
        guard let boundaries = box.documentValue?["boundaries"]?.documentValue,
            let label = boundaries["label"]?.stringValue, let x = boundaries["x"]?.doubleValue,
            let y = boundaries["y"]?.doubleValue, let width = boundaries["w"]?.doubleValue,
            let height = boundaries["h"]?.doubleValue
        else { return nil }
        return Detection(box: Box(x: x, y: y, width: width, height: height), label: label, confidence: 1)
    }

    /// Frames of a task that carry no human work.
    package func automaticFrameCount(ofTask id: ObjectID) async throws(StoreError) -> Int {
        try await self.frames.count(HumanWork.notInFrame.merging(["taskId": .objectID(id)]))
    }

    private static func annotatable(_ document: BSONDocument) -> AnnotatableTask? {
        guard let id = document["_id"]?.objectIDValue else { return nil }
        let version = document["AutoAnnotationVersion"]
        return AnnotatableTask(
            id: id, name: document["taskName"]?.stringValue ?? "\(id)",
            objectKey: document["videoPath"]?.stringValue ?? document["S3_url"]?.stringValue,
            width: document["videoResolutionWidth"]?.intValue, height: document["videoResolutionHeight"]?.intValue,
            frameCount: document["frameCount"]?.intValue ?? document["original_frames"]?.arrayValue?.count ?? 0,
            version: version?.intValue ?? version?.stringValue.flatMap { Int($0) } ?? 0)
    }
}
