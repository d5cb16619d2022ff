package import Domain
package import FoundationEssentials

/// Reading: each property is `nil` when the value is of another type.
extension BSONValue {
    /// A whole number of any numeric type: old documents hold counts as doubles.
    package var intValue: Int? {
        switch self {
        case .int32(let value): Int(value)
        case .int64(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// A number of any numeric type that a double holds exactly.
    package var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .int32(let value): Double(value)
        case .int64(let value): Double(exactly: value)
        default: nil
        }
    }

    package var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var objectIDValue: ObjectID? {
        guard case .objectID(let value) = self else { return nil }
        return value
    }

    package var dateValue: Date? {
        guard case .date(let value) = self else { return nil }
        return value
    }

    package var documentValue: BSONDocument? {
        guard case .document(let value) = self else { return nil }
        return value
    }

    package var arrayValue: [BSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }
}

extension BSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: BSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, BSONValue)...) {
        self = .document(BSONDocument(uniqueKeysWithValues: elements))
    }
}

extension BSONValue: CustomStringConvertible {
    /// For people and logs; not a format to be read back.
    package var description: String {
        switch self {
        case .double(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .document(let value): value.description
        case .array(let values): "[\(values.map(\.description).joined(separator: ", "))]"
        case .binary(let value): "binary(\(value.bytes.count) bytes)"
        case .objectID(let value): "ObjectID(\(value))"
        case .bool(let value): "\(value)"
        case .date(let value): value.formatted(.iso8601)
        case .null: "null"
        case .int32(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .timestamp(let value): "timestamp(\(value.seconds), \(value.increment))"
        case .opaque(let value): "type\(value.type)(\(value.bytes.count) bytes)"
        }
    }
}
