internal import Domain
internal import MongoDriver

extension DatasetVersion {
    /// Reads an `AnnotationDatasetVersion`; what is absent is empty.
    init(_ document: BSONDocument, id: ObjectID) {
        self.init(
            id: id,
            group: document["dataSetGroupId"].flatMap { $0.tolerantID.map { "\($0)" } ?? $0.stringValue } ?? "\(id)",
            number: document["versionNo"].flatMap { $0.stringValue ?? $0.attributeTexts.first } ?? "\(id)",
            taskIds: Self.list(document["taskList"]).compactMap(\.tolerantID).withoutRepeats,
            labels: Self.list(document["labelAttributeList"]).compactMap(\.documentValue).compactMap(LabelEntry.init),
            augmentations: Self.list(document["augmentationTypes"]?.documentValue?["IMAGE_LEVEL"])
                .compactMap(\.documentValue)
                .flatMap {
                    Self.list($0["properties"]).compactMap(\.documentValue).compactMap(AugmentationRequest.init)
                },
            splitShares: Self.list(document["splitCount"]).compactMap(\.documentValue).compactMap(SplitShare.init),
            hasBoxAugmentations: !Self.list(document["augmentationTypes"]?.documentValue?["BOUNDING_BOX_LEVEL"])
                .isEmpty)
    }

    private static func list(_ value: BSONValue?) -> [BSONValue] { value?.arrayValue ?? [] }
}

extension [ObjectID] {
    fileprivate var withoutRepeats: [ObjectID] {
        var seen: Set<ObjectID> = []
        return self.filter { seen.insert($0).inserted }
    }
}

extension LabelEntry {
    /// `nil` for an entry without a label.
    fileprivate init?(_ document: BSONDocument) {
        guard let label = document["mainLabel"]?.stringValue ?? document["label"]?.attributeTexts.first else {
            return nil
        }
        self.init(
            mainLabel: label, attributes: document["attributes"]?.attributeValues ?? [:],
            isEnabled: document["isEnabled"]?.boolValue ?? true)
    }
}

extension AugmentationRequest {
    fileprivate init?(_ document: BSONDocument) {
        guard let identifier = document["id"]?.stringValue else { return nil }
        self.init(identifier: identifier, value: Value(document["values"] ?? .null))
    }
}

extension AugmentationRequest.Value {
    fileprivate init(_ value: BSONValue) {
        let values = value.arrayValue ?? [value]
        let numbers = values.compactMap(\.tolerantDouble)
        if values.count == 1, let flag = values[0].boolValue {
            self = .flag(flag)
        } else if numbers.count == values.count, 1...2 ~= numbers.count {
            self = .range(low: numbers[0], high: numbers[numbers.count - 1])
        } else {
            self = .unreadable("\(value)")
        }
    }
}

extension SplitShare {
    fileprivate init?(_ document: BSONDocument) {
        guard let split = document["type"].flatMap(DatasetSplit.init) else { return nil }
        self.init(
            split: split, imageCount: document["imageCount"]?.tolerantInt ?? 0,
            percentage: document["percentage"]?.tolerantDouble ?? 0)
    }
}

extension DatasetSplit {
    /// By number or by name.
    init?(_ value: BSONValue) {
        if let number = value.tolerantInt {
            self.init(rawValue: number)
            return
        }
        switch value.stringValue?.lowercased() {
        case "training", "train": self = .training
        case "validation", "valid", "val": self = .validation
        case "testing", "test": self = .testing
        default: return nil
        }
    }
}
