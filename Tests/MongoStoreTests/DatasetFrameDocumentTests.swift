import Domain
import MongoDriver
import Testing

@testable import MongoStore

/// What a build reads of a frame's document, and what it counts because it cannot.
@Suite struct DatasetFrameDocumentTests {
    private static let version = ObjectID(seconds: 1, unique: 1)

    private static func box(_ fields: BSONDocument) -> BSONValue { .document(["boundaries": .document(fields)]) }

    @Test func elementsThatAreNoRectangleWithALabelAreCounted() throws {
        let whole: BSONDocument = ["label": "car", "x": 1, "y": 2, "w": 3, "h": 4]
        let boxes: [BSONValue] = [
            Self.box(whole), Self.box(whole.merging(["x": "12.5"])), Self.box(whole.merging(["x": "wide"])),
            Self.box(whole.merging(["w": .double(.nan)])), Self.box(["x": 1, "y": 2, "w": 3, "h": 4]),
            .string("car"), .null,
        ]
        let document: BSONDocument = [
            "_id": .objectID(ObjectID(seconds: 2, unique: 2)), "frameId": 1, "boxes": .array(boxes),
        ]
        let frame = try #require(DatasetFrame(document, version: Self.version))
        #expect(frame.boxes.map(\.box.x) == [1, 12.5])
        #expect(frame.unreadableBoxCount == 5)
    }
}
