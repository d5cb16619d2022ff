internal import Domain
internal import FoundationEssentials
internal import MongoDriver

extension DatasetFrame {
    /// Reads an `AnnotationFrame` as the version sees it; `nil` without a frame number.
    init?(_ document: BSONDocument, version: ObjectID) {
        guard let id = document["_id"]?.objectIDValue, let number = document["frameId"]?.tolerantInt else { return nil }
        let elements = document["datasetVersions"]?.arrayValue?.compactMap(\.documentValue) ?? []
        let element = elements.first { $0["versionId"]?.tolerantID == version } ?? [:]
        let stored = document["boxes"]?.arrayValue ?? []
        let boxes = stored.compactMap(\.documentValue).compactMap(LabelledBox.init)
        self.init(
            id: id, number: number, split: element["datasetType"].flatMap(DatasetSplit.init), boxes: boxes,
            unreadableBoxCount: stored.count - boxes.count,
            urlsExpireAt: document["awsExpiredDate"]?.dateValue)
    }
}

extension LabelledBox {
    /// Reads an element of `boxes`; `nil` for what is no rectangle with a label.
    fileprivate init?(_ document: BSONDocument) {
        let boundaries = document["boundaries"]?.documentValue ?? document
        guard let label = boundaries["label"]?.stringValue ?? document["label"]?.stringValue,
            let x = boundaries["x"]?.tolerantDouble, let y = boundaries["y"]?.tolerantDouble,
            let width = boundaries["w"]?.tolerantDouble, let height = boundaries["h"]?.tolerantDouble
        else { return nil }
        let outer = document["attributeValues"]?.attributeValues ?? [:]
        let inner = boundaries["attributeValues"]?.attributeValues ?? [:]
        self.init(
            // A box that was drawn from right to left has a negative width.
            box: Box(x: min(x, x + width), y: min(y, y + height), width: abs(width), height: abs(height)), label: label,
            attributes: outer.merging(inner) { $1 }, trackId: boundaries["trackId"]?.tolerantInt,
            confidence: boundaries["confidence"]?.tolerantDouble)
    }
}
