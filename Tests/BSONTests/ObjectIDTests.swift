import Testing

@testable import BSON

@Suite struct ObjectIDTests {
    @Test func textAndBytesGoBothWays() throws {
        let id = try #require(ObjectID("6b00F043bb882ea412a77c92"))
        #expect(id.description == "6b00f043bb882ea412a77c92")
        #expect(ObjectID(bytes: id.bytes) == id)
        #expect(id.seconds == 0x6b00_f043)
    }

    @Test(arguments: [
        "", "6b00f043bb882ea412a77c9", "6b00f043bb882ea412a77c920", "6b00f043bb882ea412a77cxy",
        "６b00f043bb882ea412a77c92",
    ])
    func otherTextIsRefused(text: String) {
        #expect(ObjectID(text) == nil)
    }

    @Test func theOrderIsThatOfTheBytes() {
        let ids = [
            ObjectID(seconds: 2, unique: 0), ObjectID(seconds: 1, unique: .max), ObjectID(seconds: 1, unique: 7),
        ]
        #expect(ids.sorted() == ids.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
    }
}
