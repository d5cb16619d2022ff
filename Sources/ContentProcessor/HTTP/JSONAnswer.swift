import BSON
import Domain
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// `value` as JSON, in the form of ``JSONEncoder/forRecords``.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONEncoder.forRecords.encode(value))))
    }
}

/// A document as JSON for people and clients: ids as hexadecimal text, dates as ISO 8601.
struct JSONDocument: Encodable {
    let value: BSONValue

    init(_ document: BSONDocument) { self.value = .document(document) }

    private init(_ value: BSONValue) { self.value = value }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch self.value {
        case .document(let document):
            var container = encoder.container(keyedBy: Name.self)
            for element in document.elements {
                try container.encode(JSONDocument(element.value), forKey: Name(stringValue: element.key))
            }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(JSONDocument(value)) }
        default:
            var container = encoder.singleValueContainer()
            try self.encodeScalar(into: &container)
        }
    }

    private func encodeScalar(into container: inout any SingleValueEncodingContainer) throws {
        switch self.value {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int32(let value): try container.encode(value)
        case .int64(let value): try container.encode(value)
        // JSON has no words for infinity and not-a-number.
        case .double(let value) where value.isFinite: try container.encode(value)
        case .double: try container.encodeNil()
        case .string(let value): try container.encode(value)
        case .objectID(let value): try container.encode(value)
        case .date(let value): try container.encode(value)
        default: try container.encode(self.value.description)
        }
    }
}
