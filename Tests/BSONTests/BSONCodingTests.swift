import FoundationEssentials
import Testing

@testable import BSON

@Suite struct BSONCodingTests {
    enum State: Int, Codable { case pending, done = 5 }

    struct Box: Codable, Equatable {
        var label: String
        var x: Double
    }

    struct Task: Codable, Equatable {
        var id: ObjectID
        var name: String
        var frameStart: Int
        var bytes: UInt64
        var small: Int8
        var rate: Double
        var ratio: Float
        var isEmpty: Bool
        var createdAt: Date
        var state: State
        var note: String?
        var boxes: [Box]
        var times: [Double]
        var byName: [String: Int]
        var extra: BSONDocument
        var anything: BSONValue

        enum CodingKeys: String, CodingKey {
            case id = "_id"
            case name, frameStart, bytes, small, rate, ratio, isEmpty, createdAt, state, note, boxes, times, byName
            case extra, anything
        }
    }

    static let task = Task(
        id: ObjectID(seconds: 1, unique: 2), name: "task-0-cam", frameStart: 7, bytes: 1 << 40, small: -3, rate: 29.97,
        ratio: 0.5, isEmpty: false, createdAt: Date(timeIntervalSince1970: 1_795_222_923.456), state: .done, note: nil,
        boxes: [Box(label: "car", x: 1.25)], times: [0, 0.5], byName: ["a": 1], extra: ["z": 1, "y": nil],
        anything: .opaque(BSONOpaque(type: BSONFormat.minimumKey, bytes: [])))

    static let document: BSONDocument = [
        "_id": .objectID(task.id), "name": "task-0-cam", "frameStart": 7, "bytes": .int64(1 << 40), "small": -3,
        "rate": 29.97, "ratio": 0.5, "isEmpty": false, "createdAt": .date(task.createdAt), "state": 5,
        "boxes": [["label": "car", "x": 1.25]], "times": [0.0, 0.5], "byName": ["a": 1], "extra": ["z": 1, "y": nil],
        "anything": .opaque(BSONOpaque(type: BSONFormat.minimumKey, bytes: [])),
    ]

    @Test func everyPropertyHasItsStoredType() throws {
        #expect(try BSONEncoder().encode(Self.task) == Self.document)
    }

    @Test func aRecordComesBackAsItWas() throws {
        #expect(try BSONDecoder().decode(Task.self, from: Self.document) == Self.task)
    }

    static let wholeNumbers: [(BSONValue, Int?)] = [
        (3, 3), (.int64(3), 3), (3.0, 3), (-0.0, 0), (3.5, nil), (.double(.nan), nil), (.double(1e300), nil),
        ("3", nil), (true, nil), (nil, nil),
    ]

    @Test(arguments: wholeNumbers)
    func wholeNumbersReadFromAnyNumberType(value: BSONValue, expected: Int?) {
        // A rejection is a fact looked for here.
        #expect((try? BSONDecoder().decodeValue(Int.self, from: value)) == expected)
    }

    @Test func numbersReadAsDoublesWhenExact() throws {
        #expect(try BSONDecoder().decodeValue([Double].self, from: [1, .int64(2), 2.5]) == [1, 2, 2.5])
        #expect(throws: BSONError.self) { try BSONDecoder().decodeValue(Double.self, from: .int64(.max)) }
    }

    @Test func smallIntegersDoNotOverflow() {
        #expect(throws: BSONError.self) { try BSONDecoder().decodeValue(UInt8.self, from: 256) }
        #expect(throws: BSONError.self) { try BSONDecoder().decodeValue(UInt.self, from: -1) }
        #expect(throws: BSONError.self) { try BSONEncoder().encode(["a": UInt64.max]) }
    }

    @Test func nullReadsAsAMissingOptional() throws {
        struct Record: Codable, Equatable { var note: String?; var number: Int? }
        #expect(try BSONDecoder().decode(Record.self, from: ["note": nil]) == Record(note: nil, number: nil))
        #expect(try BSONDecoder().decodeValue([Int?].self, from: [1, nil, 2]) == [1, nil, 2])
        #expect(try BSONEncoder().encodeValue([1, nil, 2]) == [1, nil, 2])
    }

    @Test func someOfANilValueIsStillPassedThrough() throws {
        struct Record: Codable { var value: BSONValue }
        #expect(try BSONDecoder().decode(Record.self, from: ["value": nil]).value == .null)
    }

    static let faults: [(BSONDocument, String, String)] = [
        (document.merging(["frameStart": "seven"]), "frameStart", "\"seven\" is not a whole number"),
        (document.merging(["boxes": [["label": "car", "x": 1], ["label": "bus"]]]), "boxes.1.x", "missing"),
        (document.merging(["createdAt": 5]), "createdAt", "5 is not a date"),
        (document.merging(["boxes": 5]), "boxes", "5 is not an array"),
    ]

    @Test(arguments: faults)
    func errorsNameTheKeyPath(document: BSONDocument, path: String, message: String) throws {
        let error = #expect(throws: BSONError.self) { try BSONDecoder().decode(Task.self, from: document) }
        #expect(error?.code == .undecodable)
        #expect(error?.path == path)
        #expect(error?.message == message)
    }

    @Test func aRecordThatIsNoDocumentCannotBeStored() {
        let error = #expect(throws: BSONError.self) { try BSONEncoder().encode(5) }
        #expect(error?.code == .unencodable)
    }

    class Animal: Codable { var legs = 4 }
    final class Dog: Animal {
        var name = "Rex"
        enum CodingKeys: CodingKey { case name }
        override init() { super.init() }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.name = try container.decode(String.self, forKey: .name)
            try super.init(from: container.superDecoder())
        }
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(self.name, forKey: .name)
            try super.encode(to: container.superEncoder())
        }
    }

    @Test func subclassesKeepTheirSuperclass() throws {
        let document = try BSONEncoder().encode(Dog())
        #expect(document == ["name": "Rex", "super": ["legs": 4]])
        #expect(try BSONDecoder().decode(Dog.self, from: document).legs == 4)
    }

    @Test func documentsKeepOrderAndReplaceInPlace() {
        var document: BSONDocument = ["b": 1, "a": 2]
        document["b"] = 3
        document["c"] = 4
        document["a"] = nil
        #expect(document == ["b": 3, "c": 4])
        #expect(document != ["c": 4, "b": 3])
    }
}
