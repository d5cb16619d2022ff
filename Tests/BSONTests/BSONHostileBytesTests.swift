import FoundationEssentials
import Testing

@testable import BSON

@Suite struct BSONHostileBytesTests {
    static let hostile: [(String, String)] = [
        ("nothing", ""),
        ("less than a length", "0500"),
        ("a length below the smallest", "0400000000"),
        ("a negative length", "ffffffff00"),
        ("a length beyond the bytes", "0600000000"),
        ("bytes after the end", "050000000000"),
        ("no closing zero", "0500000001"),
        ("an end before the end", "060000000000"),
        ("a key without its zero", "0800000010616161"),
        ("a key that is not UTF-8", "080000000a800000"),
        ("a number cut short", "09000000106100ff00"),
        ("a string of no bytes", "0c0000000261000000000000"),
        ("a string of negative length", "0d000000026100ffffffff0000"),
        ("a string beyond the document", "0d000000026100ff0000000000"),
        ("a string without its zero", "0d000000026100010000004100"),
        ("bytes beyond the document", "0d000000056100ff0000000000"),
        ("bytes of negative count", "0d000000056100ffffffff0000"),
        ("a truth value of 2", "090000000861000200"),
        ("an inner document beyond the outer", "0d00000003610006000000000000"),
        ("an inner document of no length", "0d000000036100000000000000"),
        ("code with a scope of negative length", "0c0000000f610000000080" + "00"),
        ("a regular expression without its options", "0b0000000b6100610061"),
        ("an unknown type", "0800000020610000"),
    ]

    @Test(arguments: hostile)
    func badBytesAreMalformed(what: String, hex: String) throws {
        let error = #expect(throws: BSONError.self, "\(what)") { try BSONDocument(bytes: [UInt8](hex: hex)) }
        #expect(error?.code == .malformed)
    }

    @Test func depthIsLimitedWhateverTheBytesSay() throws {
        // Each level: type, key "a", and a length that fits what is left.
        let levels = 100_000
        var bytes: [UInt8] = []
        for level in 0..<levels {
            let length = Int32((levels - level) * 8 + 5)
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [0x03, 0x61, 0x00]
        }
        bytes += [5, 0, 0, 0] + Array(repeating: 0, count: levels + 1)
        let error = #expect(throws: BSONError.self) { try BSONDocument(bytes: bytes) }
        #expect(error?.message.contains("deep") == true)
    }

    @Test func damagedDocumentsFailOrStayConsistent() throws {
        let seed = try Self.everything.encoded()
        var random = SplitMix(state: 20_261_121)
        var readable = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            if random.below(4) == 0 { bytes.removeLast(random.below(bytes.count)) }
            guard let document = try? BSONDocument(bytes: bytes) else { continue }  // refused, as it may be
            readable += 1
            let encoded = try document.encoded()
            #expect(try BSONDocument(bytes: encoded).encoded() == encoded)
        }
        #expect(readable > 1000, "the damage is too heavy to test what is read")
    }

    static let everything: BSONDocument = [
        "double": 1.5, "text": "héllo", "document": ["x": ["y": ["z": 1]]], "array": [1, 2, ["deep", nil]],
        "binary": .binary(BSONBinary(bytes: [1, 2, 3])), "id": .objectID(ObjectID(seconds: 1, unique: 2)),
        "yes": true, "date": .date(Date(timeIntervalSince1970: 1)), "null": nil, "small": 7,
        "large": 1_099_511_627_776, "time": .timestamp(BSONTimestamp(seconds: 1, increment: 2)),
        "decimal": .opaque(BSONOpaque(type: BSONFormat.decimal128, bytes: Array(0..<16))),
        "pattern": .opaque(BSONOpaque(type: BSONFormat.regularExpression, bytes: [0x61, 0, 0x69, 0])),
    ]
}

/// The same numbers on every run (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
