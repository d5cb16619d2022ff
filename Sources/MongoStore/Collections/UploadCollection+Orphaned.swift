package import Domain
package import MongoDriver

extension UploadCollection {
    /// Uploads at `status` 0 that never had a job of this service, the newest first.
    ///
    /// - Parameter maximumAge: of `createdAt`, by the server's clock; `nil` finds older ones and those without it, too.
    package func stranded(maximumAge: Duration?, limit: Int) async throws(StoreError) -> [OrphanedUpload] {
        var filter: BSONDocument = [
            "status": .int(UploadStatus.inProgress.rawValue), "processing": ["$exists": false],
        ]
        if let maximumAge {
            let seconds = Int(maximumAge.components.seconds)
            filter["$expr"] = ["$gt": ["$createdAt", ["$subtract": ["$$NOW", .int(1000 * seconds)]]]]
        }
        let isDate: BSONValue = ["$eq": [["$type": "$createdAt"], "date"]]
        let documents = try await self.collection.aggregate([
            ["$match": .document(filter)], ["$sort": ["createdAt": -1]], ["$limit": .int(limit)],
            ["$set": ["age": ["$cond": [isDate, ["$subtract": ["$$NOW", "$createdAt"]], nil]]]],
        ])
        return documents.compactMap(Self.strandedUpload)
    }

    private static func strandedUpload(_ document: BSONDocument) -> OrphanedUpload? {
        guard let id = document["_id"]?.objectIDValue else { return nil }
        var fields = ["upload_id": "\(id)"]
        fields["project_id"] =
            document["projectId"]?.objectIDValue.map { "\($0)" } ?? document["projectId"]?.stringValue
        fields["content_path"] = document["sourceFilePath"]?.stringValue
        let numbers = [
            "frame_rate": "frame_rate", "force_write": "force_write", "request_type": "request_type",
            "content_type": "content_type", "request_annotation_version": "auto_anno_version",
        ]
        for (key, field) in numbers {
            fields[field] = document[key]?.intValue.map(String.init) ?? document[key]?.stringValue
        }
        return OrphanedUpload(
            id: id, fields: fields, age: document["age"]?.intValue.map { Duration.milliseconds($0) })
    }
}
