internal import Domain
internal import MongoDriver

/// Reading of documents that people, several programs and several years have written.
extension BSONValue {
    /// A number, also one that was stored as text.
    var tolerantDouble: Double? {
        guard let number = self.doubleValue ?? self.stringValue.flatMap(Double.init), number.isFinite else {
            return nil
        }
        return number
    }

    var tolerantInt: Int? { self.tolerantDouble.flatMap { Int(exactly: $0.rounded()) } }

    /// An id, also one that was stored as text.
    var tolerantID: ObjectID? { self.objectIDValue ?? self.stringValue.flatMap(ObjectID.init) }

    /// What an attribute says, as texts: nothing for null and empty text, all members of a list, whole numbers without
    /// decimals.
    var attributeTexts: [String] {
        switch self {
        case .string(let text): text.isEmpty ? [] : [text]
        case .bool(let flag): ["\(flag)"]
        case .array(let values): values.flatMap(\.attributeTexts)
        case .document(let document): (document["value"] ?? document["values"])?.attributeTexts ?? []
        default: self.doubleValue.map { [Int(exactly: $0).map { "\($0)" } ?? "\($0)"] } ?? []
        }
    }

    /// Attributes by name: `{colour: "red"}`, or `[{name: "colour", value: "red"}]`; those without a value are left
    /// out.
    var attributeValues: [String: [String]] {
        var values: [String: [String]] = [:]
        for element in self.documentValue?.elements ?? [] { values[element.key] = element.value.attributeTexts }
        for entry in self.arrayValue?.compactMap(\.documentValue) ?? [] {
            if let name = entry["name"]?.stringValue { values[name] = BSONValue.document(entry).attributeTexts }
        }
        return values.filter { !$0.value.isEmpty }
    }
}
