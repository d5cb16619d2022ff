public import FoundationEssentials

/// Reading: each property is `nil` when the value is of another type.
extension BSONValue {
    /// A whole number of any numeric type: old documents hold counts as doubles.
    public var intValue: Int? {
        switch self {
        case .int32(let value): Int(value)
        case .int64(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// A number of any numeric type that a double holds exactly.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .int32(let value): Double(value)
        case .int64(let value): Double(exactly: value)
        default: nil
        }
    }

    /// Text.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// True or false; no number.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// An identifier.
    public var objectIDValue: ObjectID? {
        guard case .objectID(let value) = self else { return nil }
        return value
    }

    /// A date, to the millisecond.
    public var dateValue: Date? {
        guard case .date(let value) = self else { return nil }
        return value
    }

    /// A document.
    public var documentValue: BSONDocument? {
        guard case .document(let value) = self else { return nil }
        return value
    }

    /// The values of an array.
    public var arrayValue: [BSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }
}

extension BSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number in its smallest form.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Null.
    public init(nilLiteral: ()) { self = .null }
    /// An array.
    public init(arrayLiteral elements: BSONValue...) { self = .array(elements) }
    /// A document.
    ///
    /// - Precondition: no key occurs twice.
    public init(dictionaryLiteral elements: (String, BSONValue)...) {
        self = .document(BSONDocument(uniqueKeysWithValues: elements))
    }
}

extension BSONValue: CustomStringConvertible {
    /// For people and logs; not a format to be read back.
    public var description: String {
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
