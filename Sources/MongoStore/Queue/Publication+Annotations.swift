package import Domain
package import MongoDriver

/// New boxes for frames that exist (contract, section 2).
extension Publication {
    /// Gives the frames of a task new automatic boxes, each frame in one atomic update that leaves human work and boxes
    /// of newer versions alone, and under the work item's fence as everything else. May be repeated.
    ///
    /// - Parameter boxes: of each frame by its number, `frameId`; frames that are not named keep theirs.
    package func annotate(
        _ task: ObjectID, with boxes: [Int: [AutomaticBox]], version: Int, under item: WorkItem
    ) async throws(StoreError) {
        let frames = try await self.frames.find(
            Query(["taskId": .objectID(task)], projection: ["frameId": 1], sort: ["_id": 1]))
        var documents: [BSONValue] = []
        for frame in frames {
            guard let id = frame["_id"], let number = frame["frameId"]?.intValue, let own = boxes[number] else {
                continue
            }
            let values = try own.map { (box) throws(StoreError) in BSONValue.document(try BSONDocument(encoding: box)) }
            documents.append(["_id": id, "boxes": .array(values), "isEmpty": .bool(own.isEmpty)])
        }
        let isKept: BSONValue = ["$or": [HumanWork.isInFrame, Self.hasBoxes(newerThan: version)]]
        let update: BSONValue = [
            [
                "$set": [
                    "boxes": ["$cond": [isKept, "$boxes", "$$new.boxes"]],
                    "isEmpty": ["$cond": [isKept, "$isEmpty", "$$new.isEmpty"]],
                ]
            ]
        ]
        for start in stride(from: 0, to: documents.count, by: Self.batchSize) {
            let batch = Array(documents[start..<min(start + Self.batchSize, documents.count)])
            try await self.merge(
                batch, into: CollectionName.frames, whenMatched: update, whenNotMatched: "discard", under: item)
        }
    }

    /// Notes on a task which version its frames carry, unless it is a newer one already.
    package func stamp(_ task: ObjectID, version: Int, under item: WorkItem) async throws(StoreError) {
        // Documents of the replaced system have it as text.
        let known: BSONValue = [
            "$convert": ["input": "$AutoAnnotationVersion", "to": "int", "onError": 0, "onNull": 0]
        ]
        try await self.merge(
            [["_id": .objectID(task)]], into: CollectionName.tasks,
            whenMatched: [["$set": ["AutoAnnotationVersion": ["$max": [known, .int(version)]]]]],
            whenNotMatched: "discard", under: item)
    }

    private static func hasBoxes(newerThan version: Int) -> BSONValue {
        ["$gt": [["$max": "$boxes.boundaries.annotationVersion"], .int(version)]]
    }
}
