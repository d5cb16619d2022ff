internal import Domain
package import MongoDriver

/// `AnnotationProject`: the backend's; this service adds the ids of uploads.
package struct ProjectCollection: Sendable {
    private let collection: MongoCollection

    init(_ database: MongoDatabase) {
        self.collection = database.collection(CollectionName.projects)
    }

    package func exists(_ id: ObjectID) async throws(StoreError) -> Bool {
        try await self.collection.findOne(Query(["_id": .objectID(id)], projection: ["_id": 1])) != nil
    }

    func add(upload: ObjectID, to project: ObjectID) async throws(StoreError) {
        // As $addToSet, for projects whose list is null or absent, too.
        let list: BSONValue = ["$cond": [["$isArray": "$contentUploads"], "$contentUploads", []]]
        let extended: BSONValue = ["$concatArrays": [list, [.objectID(upload)]]]
        try await self.collection.updateOne(
            ["_id": .objectID(project)],
            [
                [
                    "$set": [
                        "contentUploads": ["$cond": [["$in": [.objectID(upload), list]], list, extended]]
                    ]
                ]
            ])
    }
}
