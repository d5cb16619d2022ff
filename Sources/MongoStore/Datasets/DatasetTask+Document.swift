internal import Domain
internal import MongoDriver

extension DatasetTask {
    /// Reads an `AnnotationTask`, also one of the replaced system.
    init(_ document: BSONDocument, id: ObjectID) {
        let images = document["images"]?.arrayValue?.compactMap(\.documentValue)
        self.init(
            id: id, name: document["taskName"]?.stringValue ?? "\(id)", uploadId: document["uploadId"]?.tolerantID,
            clipKey: document["S3_url"]?.stringValue ?? document["videoPath"]?.stringValue,
            width: document["videoResolutionWidth"]?.tolerantInt,
            height: document["videoResolutionHeight"]?.tolerantInt,
            frameRate: document["frameRate"]?.tolerantInt ?? 1, images: images?.map(ImagePlace.init))
    }
}

extension ImagePlace {
    fileprivate init(_ document: BSONDocument) {
        func side(_ name: String, least: Int) -> Int { max(least, document[name]?.tolerantInt ?? least) }
        self.init(
            canvas: Canvas(width: side("width", least: 1), height: side("height", least: 1)),
            left: side("x", least: 0), top: side("y", least: 0), scale: document["scale"]?.tolerantDouble ?? 1,
            original: document["original"]?.documentValue.flatMap(OriginalImage.init))
    }
}

extension OriginalImage {
    fileprivate init?(_ document: BSONDocument) {
        guard let key = document["key"]?.stringValue, let sha256 = document["sha256"]?.stringValue else { return nil }
        self.init(key: key, sha256: sha256)
    }
}
