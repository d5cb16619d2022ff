package import Domain
package import FoundationEssentials
package import MongoDriver

/// The frames of dataset versions: `AnnotationTask` and `AnnotationFrame` as builds see them.
package struct DatasetFrameCollection: Sendable {
    private let tasks: MongoCollection
    private let frames: MongoCollection

    init(_ database: MongoDatabase) {
        self.tasks = database.collection(CollectionName.tasks)
        self.frames = database.collection(CollectionName.frames)
    }

    package func task(_ id: ObjectID) async throws(StoreError) -> DatasetTask? {
        try await self.tasks.findOne(["_id": .objectID(id)]).map { DatasetTask($0, id: id) }
    }

    /// The task's frames that belong to the version, by number. Of several documents of one number, as old databases
    /// hold them, the first counts.
    package func frames(ofTask task: ObjectID, in version: ObjectID) async throws(StoreError) -> [DatasetFrame] {
        let documents = try await self.frames.find(
            Query(
                Self.members(of: version).merging(["taskId": .objectID(task)]),
                projection: ["frameId": 1, "boxes": 1, "datasetVersions": 1, "awsExpiredDate": 1], sort: ["_id": 1]))
        var numbers: Set<Int> = []
        return documents.compactMap { DatasetFrame($0, version: version) }
            .filter { numbers.insert($0.number).inserted }
            .sorted { $0.number < $1.number }
    }

    /// How many frames the version has in each of the tasks; without one, a task is left out.
    package func counts(
        ofTasks ids: [ObjectID], in version: ObjectID
    ) async throws(StoreError) -> [ObjectID: Int] {
        let groups = try await self.frames.aggregate([
            [
                "$match": .document(
                    Self.members(of: version).merging(["taskId": ["$in": .array(ids.map(BSONValue.objectID))]]))
            ],
            ["$group": ["_id": "$taskId", "count": ["$sum": 1]]],
        ])
        return groups.reduce(into: [:]) { counts, group in
            if let id = group["_id"]?.objectIDValue { counts[id] = group["count"]?.intValue ?? 0 }
        }
    }

    /// How the version's frames are split already, and what still has no split.
    package struct Splits: Sendable {
        package var decided: Set<DatasetSplit> = []
        /// One frame of each task, and more of a task while there are few.
        package var undecided: [(task: ObjectID, upload: ObjectID?, frame: Int)] = []
    }

    /// Frames that are looked at one by one; of more, chance alone leaves no split empty.
    private static let undecidedLimit = 10_000

    package func splits(ofTasks ids: [ObjectID], in version: ObjectID) async throws(StoreError) -> Splits {
        let tasks: BSONValue = ["$in": .array(ids.map(BSONValue.objectID))]
        let members = Self.members(of: version).merging(["taskId": tasks])
        var splits = Splits()
        var uploads: [ObjectID: ObjectID] = [:]
        for task in try await self.tasks.find(Query(["_id": tasks], projection: ["uploadId": 1])) {
            if let id = task["_id"]?.objectIDValue { uploads[id] = task["uploadId"]?.tolerantID }
        }
        let query = Query(
            members, projection: ["taskId": 1, "frameId": 1, "datasetVersions": 1], sort: ["taskId": 1],
            limit: Self.undecidedLimit)
        for document in try await self.frames.find(query) {
            guard let task = document["taskId"]?.objectIDValue, let frame = DatasetFrame(document, version: version)
            else { continue }
            if let split = frame.split {
                splits.decided.insert(split)
            } else {
                splits.undecided.append((task, uploads[task], frame.number))
            }
        }
        return splits
    }

    /// The labels of all boxes in the version, each once.
    package func labels(ofTasks ids: [ObjectID], in version: ObjectID) async throws(StoreError) -> [String] {
        let members = Self.members(of: version).merging(["taskId": ["$in": .array(ids.map(BSONValue.objectID))]])
        let labels = try await self.frames.distinct("boxes.boundaries.label", members)
        return labels.compactMap(\.stringValue)
    }

    /// Of the task's frames, those that any version uses.
    package func framesInUse(ofTask task: ObjectID) async throws(StoreError) -> Set<Int> {
        let documents = try await self.frames.find(
            Query(
                ["taskId": .objectID(task), "datasetVersions.0": ["$exists": true]], projection: ["frameId": 1]))
        return Set(documents.compactMap { $0["frameId"]?.tolerantInt })
    }

    /// Shows on frames where their objects are, in the version's element and beside it.
    package func show(_ objects: [ShownObjects], of version: ObjectID) async throws(StoreError) {
        try await self.frames.updateEach(
            objects.map { objects in
                (
                    ["_id": .objectID(objects.frame), "datasetVersions.versionId": Self.either(version)],
                    Self.display(of: objects)
                )
            })
    }

    private static func display(of objects: ShownObjects) -> Update {
        var augmented: BSONDocument = [:]
        for shown in objects.augmented {
            augmented[shown.type.rawValue] = [
                "imageUrl": .string(shown.keys.image), "thumbnailUrl": .string(shown.keys.thumbnail),
                "textFiles": .string(shown.keys.labels), "awsImageUrl": .string(shown.imageURL),
                "awsThumbnailUrl": .string(shown.thumbnailURL), "awsThumbnailExpiredDate": .date(objects.expireAt),
            ]
        }
        return [
            "$set": [
                "imageUrl": .string(objects.imageKey), "thumbnailUrl": .string(objects.thumbnailKey),
                "awsUrl": .string(objects.imageURL), "awsThumbnailUr": .string(objects.thumbnailURL),
                "awsExpiredDate": .date(objects.expireAt), "awsThumbnailExpiredDate": .date(objects.expireAt),
                "datasetVersions.$.datasetType": .int(objects.split.rawValue),
                "datasetVersions.$.textFiles": ["YOLO": .string(objects.labelKey)],
                "datasetVersions.$.augmentationImages": augmented.isEmpty ? .null : .document(augmented),
            ]
        ]
    }

    private static func members(of version: ObjectID) -> BSONDocument {
        ["datasetVersions.versionId": Self.either(version)]
    }

    /// Old documents hold ids as text.
    private static func either(_ id: ObjectID) -> BSONValue { ["$in": [.objectID(id), .string("\(id)")]] }
}

/// What a frame's document says of its objects.
package struct ShownObjects: Hashable, Sendable {
    /// The document's `_id`.
    package let frame: ObjectID
    package let imageKey: String
    package let thumbnailKey: String
    package let labelKey: String
    package let imageURL: String
    package let thumbnailURL: String
    package let split: DatasetSplit
    package let augmented: [Augmented]
    /// When the URLs end.
    package let expireAt: Date

    package struct Augmented: Hashable, Sendable {
        package let type: AugmentationType
        package let keys: DatasetKeys.AugmentedKeys
        package let imageURL: String
        package let thumbnailURL: String

        package init(type: AugmentationType, keys: DatasetKeys.AugmentedKeys, imageURL: String, thumbnailURL: String) {
            self.type = type
            self.keys = keys
            self.imageURL = imageURL
            self.thumbnailURL = thumbnailURL
        }
    }

    package init(
        frame: ObjectID, imageKey: String, thumbnailKey: String, labelKey: String, imageURL: String,
        thumbnailURL: String,
        split: DatasetSplit, augmented: [Augmented], expireAt: Date
    ) {
        self.frame = frame
        self.imageKey = imageKey
        self.thumbnailKey = thumbnailKey
        self.labelKey = labelKey
        self.imageURL = imageURL
        self.thumbnailURL = thumbnailURL
        self.split = split
        self.augmented = augmented
        self.expireAt = expireAt
    }
}
