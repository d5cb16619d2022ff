/// What a dataset version is to hold: what this service reads of an `AnnotationDatasetVersion` (contract, section 2).
package struct DatasetVersion: Hashable, Sendable, Codable {
    package let id: ObjectID
    /// As it stands in object keys.
    package let group: String
    /// Such as `1.0.1`.
    package let number: String
    package let taskIds: [ObjectID]
    package let labels: [LabelEntry]
    package let augmentations: [AugmentationRequest]
    package let splitShares: [SplitShare]
    /// Whether it asks for augmentations of single boxes, which this service does not know.
    package let hasBoxAugmentations: Bool

    package init(
        id: ObjectID, group: String, number: String, taskIds: [ObjectID], labels: [LabelEntry],
        augmentations: [AugmentationRequest], splitShares: [SplitShare], hasBoxAugmentations: Bool = false
    ) {
        self.id = id
        self.group = group
        self.number = number
        self.taskIds = taskIds
        self.labels = labels
        self.augmentations = augmentations
        self.splitShares = splitShares
        self.hasBoxAugmentations = hasBoxAugmentations
    }

    package var keys: DatasetKeys { DatasetKeys(group: self.group, versionId: self.id, number: self.number) }
}

/// One class of a dataset: an entry of `labelAttributeList`.
package struct LabelEntry: Hashable, Sendable, Codable {
    package let mainLabel: String
    /// Values that a box must have, by the attribute's name; any one of the listed values will do.
    package let attributes: [String: [String]]
    package let isEnabled: Bool

    package init(mainLabel: String, attributes: [String: [String]] = [:], isEnabled: Bool = true) {
        self.mainLabel = mainLabel
        self.attributes = attributes
        self.isEnabled = isEnabled
    }

    /// Tells entries of one label apart: `car`, or `car colour=red` with attributes.
    package var name: String {
        let conditions = self.attributes.sorted { $0.key.precedesByBytes($1.key) }
            .map { "\($0.key)=\($0.value.joined(separator: "|"))" }
        return ([self.mainLabel] + conditions).joined(separator: " ")
    }

    /// Whether the box has the label and the values that the entry names; other attributes do not matter.
    func fits(_ box: LabelledBox) -> Bool {
        guard box.label.isSameText(as: self.mainLabel) else { return false }
        return self.attributes.allSatisfy { name, values in
            let present = box.attributes[name] ?? []
            return values.contains { value in present.contains { $0.isSameText(as: value) } }
        }
    }
}
