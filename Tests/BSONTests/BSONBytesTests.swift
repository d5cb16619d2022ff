import FoundationEssentials
import Testing

@testable import BSON

/// The bytes were written by PyMongo's BSON library, another implementation of the format.
@Suite struct BSONBytesTests {
    static let documents: [(BSONDocument, String)] = [
        ([:], "0500000000"),
        (["a": 1.5], "10000000016100000000000000f83f00"),
        (["a": "hé"], "100000000261000400000068c3a90000"),
        (["a": ""], "0d000000026100010000000000"),
        (["a": ["b": true]], "1100000003610009000000086200010000"),
        (["a": [1, "x", nil]], "2000000004610018000000103000010000000231000200000078000a32000000"),
        (["a": .binary(BSONBinary(bytes: [1, 2]))], "0f0000000561000200000000010200"),
        (
            ["a": .binary(BSONBinary(subtype: 4, bytes: Array(0..<16)))],
            "1d0000000561001000000004000102030405060708090a0b0c0d0e0f00"
        ),
        (
            ["a": .objectID(ObjectID(seconds: 0x507f_1f77, unique: 0xbcf8_6cd7_9943_9011))],
            "14000000076100507f1f77bcf86cd79943901100"
        ),
        (["a": false], "090000000861000000"),
        (["a": .date(Date(timeIntervalSince1970: 1_795_222_923.456))], "10000000096100c0e89ffba101000000"),
        (["a": .date(Date(timeIntervalSince1970: -0.001))], "10000000096100ffffffffffffffff00"),
        (["a": nil], "080000000a610000"),
        (["a": -1], "0c000000106100ffffffff00"),
        (["a": 1_099_511_627_776], "10000000126100000000000001000000"),
        (["a": .timestamp(BSONTimestamp(seconds: 7, increment: 9))], "10000000116100090000000700000000"),
        (["b": 1, "a": 2], "13000000106200010000001061000200000000"),
    ]

    @Test(arguments: documents)
    func documentsAndBytesAreTheSame(document: BSONDocument, hex: String) throws {
        #expect(try document.encoded().hex == hex)
        #expect(try BSONDocument(bytes: [UInt8](hex: hex)) == document)
    }

    /// Decimal, regular expression, code, code with scope, minimum and maximum key, symbol, pointer, undefined; a date
    /// before the stars, and text that is not UTF-8.
    static let foreign = [
        "180000001361007d000000000000000000000000003c3000",
        "0d0000000b61005e6100690000",
        "100000000d6100040000006628290000",
        "200000000f61001800000004000000662829000c000000107800010000000000",
        "08000000ff610000",
        "080000007f610000",
        "0e0000000e61000200000078" + "0000",
        "1a0000000c61000200000078" + "00" + "507f1f77bcf86cd799439011" + "00",
        "0800000006610000",
        "10000000096100010000000000008000",
        "0e0000000261000200000080" + "0000",
    ]

    @Test(arguments: foreign)
    func whatSwiftCannotHoldIsCopiedUnchanged(hex: String) throws {
        let document = try BSONDocument(bytes: [UInt8](hex: hex))
        guard case .opaque = document["a"] else {
            Issue.record("\(document) is understood")
            return
        }
        #expect(try document.encoded().hex == hex)
    }

    @Test(arguments: [0, 1, -1, 999, 1_795_222_923_456, -62_135_596_800_000, 253_402_300_799_999] as [Int64])
    func datesKeepTheirMilliseconds(milliseconds: Int64) throws {
        let date = try #require(Date(bsonMilliseconds: milliseconds))
        for neighbour in -50...50 as ClosedRange<Int64> {
            #expect(try Date(bsonMilliseconds: milliseconds + neighbour)?.bsonMilliseconds == milliseconds + neighbour)
        }
        #expect(try date.addingTimeInterval(0.0004).bsonMilliseconds == milliseconds)
    }

    @Test func aHundredThousandNumbersSurvive() throws {
        let document: BSONDocument = ["frames": .array((0..<100_000).map(BSONValue.int))]
        #expect(try BSONDocument(bytes: document.encoded()) == document)
    }

    static let impossible: [(String, BSONDocument)] = [
        ("a zero byte in a key", ["a\0b": 1]),
        ("a zero byte in a deeper key", ["a": [["\0": 1]]]),
        ("an infinite date", ["a": .date(Date(timeIntervalSince1970: .infinity))]),
        ("201 levels", nested(levels: 201)),
    ]

    @Test(arguments: impossible)
    func whatBSONCannotHoldIsNotEncoded(why: String, document: BSONDocument) {
        let error = #expect(throws: BSONError.self, "\(why)") { try document.encoded() }
        #expect(error?.code == .unencodable)
    }

    @Test func twoHundredLevelsAreAllowed() throws {
        let document = Self.nested(levels: 200)
        #expect(try BSONDocument(bytes: document.encoded()) == document)
    }

    static func nested(levels: Int) -> BSONDocument {
        (1..<levels).reduce([:]) { inner, _ in ["a": .document(inner)] }
    }
}

extension [UInt8] {
    init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    var hex: String { self.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
