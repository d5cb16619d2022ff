internal import FoundationEssentials

/// Turns `Encodable` values into documents.
///
/// `ObjectID` becomes an ObjectId, `Date` a date, whole numbers int32 when they fit and else int64; documents and
/// values pass as they are; a missing optional leaves no key.
public struct BSONEncoder: Sendable {
    /// An encoder, which keeps nothing between calls.
    public init() {}

    /// Throws `.unencodable`, naming the key path, for what BSON cannot hold or a value that is no document.
    public func encode(_ value: some Encodable) throws(BSONError) -> BSONDocument {
        guard case .document(let document) = try self.encodeValue(value) else {
            throw BSONError(.unencodable, "\(type(of: value)) is not a document")
        }
        return document
    }

    /// As ``encode(_:)``, for a value that may also be a number, text or array.
    public func encodeValue(_ value: some Encodable) throws(BSONError) -> BSONValue {
        do {
            return try BSONPart(encoding: value, at: []).value
        } catch {
            throw BSONError(.unencodable, coding: error)
        }
    }
}

/// A value that may still be growing, since containers fill up one call at a time.
enum BSONPart {
    case finished(BSONValue)
    case document(BSONDocumentPart)
    case array(BSONArrayPart)
    /// Whatever a super-class encodes later.
    case later(BSONValueEncoder)

    /// - Parameter path: made only for values that need it; most of an array's elements do not.
    init(encoding value: some Encodable, at path: @autoclosure () -> [any CodingKey]) throws {
        if let finished = try BSONValue(encodedAsItself: value, at: path()) {
            self = .finished(finished)
        } else {
            let encoder = BSONValueEncoder(codingPath: path())
            try value.encode(to: encoder)
            self = .later(encoder)
        }
    }

    var value: BSONValue {
        switch self {
        case .finished(let value): value
        case .document(let part):
            .document(BSONDocument(elements: part.elements.map { .init(key: $0.key, value: $0.part.value) }))
        case .array(let part): .array(part.parts.map(\.value))
        case .later(let encoder): encoder.part?.value ?? .document([:])
        }
    }
}

final class BSONDocumentPart {
    var elements: [(key: String, part: BSONPart)] = []
}

final class BSONArrayPart {
    var parts: [BSONPart] = []
}

extension BSONValue {
    /// The value of a type that BSON stores itself; `nil` for a type that encodes by its own containers.
    fileprivate init?(encodedAsItself value: any Encodable, at path: @autoclosure () -> [any CodingKey]) throws {
        switch value {
        case let value as Int: self = .int(value)
        case let value as String: self = .string(value)
        case let value as Double: self = .double(value)
        case let value as Bool: self = .bool(value)
        case let value as ObjectID: self = .objectID(value)
        case let value as Date: self = .date(value)
        case let value as BSONValue: self = value
        case let value as BSONDocument: self = .document(value)
        case let value as Float: self = .double(Double(value))
        case let value as any BinaryInteger:
            guard let number = Int(exactly: value) else {
                throw EncodingError.invalidValue(
                    value, .init(codingPath: path(), debugDescription: "\(value) does not fit 64 bits with a sign"))
            }
            self = .int(number)
        default: return nil
        }
    }
}
