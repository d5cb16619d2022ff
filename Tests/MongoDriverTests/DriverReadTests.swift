import Domain
import FoundationEssentials
import TestSupport
import Testing

@testable import BSON
@testable import MongoDriver

@Suite struct DriverReadTests {
    static let numbers: [BSONDocument] = (1...10).map { ["_id": .int($0), "odd": .bool($0 % 2 == 1)] }

    static let queries: [(Query, [Int])] = [
        ([:], Array(1...10)),
        (["odd": true], [1, 3, 5, 7, 9]),
        (Query(["odd": true], sort: ["_id": -1]), [9, 7, 5, 3, 1]),
        (Query(sort: ["_id": 1], skip: 2, limit: 3), [3, 4, 5]),
        (Query(["_id": ["$gt": 8]], hint: "_id_"), [9, 10]),
        (["_id": 99], []),
    ]

    @Test(arguments: queries)
    func findReturnsWhatMatches(query: Query, ids: [Int]) async throws {
        try await TestServer.withCollection { numbers in
            try await numbers.insertMany(Self.numbers)
            #expect(try await numbers.find(query).compactMap { $0["_id"]?.intValue } == ids)
            #expect(try await numbers.findOne(query)?["_id"]?.intValue == ids.first)
            if query.limit == nil { #expect(try await numbers.count(query.filter) == ids.count) }
        }
    }

    @Test func aProjectionReturnsOnlyItsFields() async throws {
        try await TestServer.withCollection { numbers in
            try await numbers.insertMany(Self.numbers)
            let found = try await numbers.findOne(Query(["_id": 3], projection: ["_id": 0, "odd": 1]))
            #expect(found == ["odd": true])
        }
    }

    @Test func aCursorReadsAllItsBatches() async throws {
        try await TestServer.withCollection { things in
            let count = 3000
            let padding = String(repeating: "x", count: 10_000)  // 30 MB: at least two batches of 16 MB
            try await things.insertMany((0..<count).map { ["_id": .int($0), "padding": .string(padding)] })
            let found = try await things.find([:])
            #expect(Set(found.compactMap { $0["_id"]?.intValue }) == Set(0..<count))
            #expect(found.allSatisfy { $0["padding"]?.stringValue == padding })
        }
    }

    @Test func recordsAreDecodedByType() async throws {
        struct Number: Codable, Equatable {
            var id: Int
            var odd: Bool
            enum CodingKeys: String, CodingKey { case id = "_id", odd }
        }
        try await TestServer.withCollection { numbers in
            try await numbers.insertOne(Number(id: 3, odd: true))
            try await numbers.insertOne(["_id": 4.0, "odd": false])
            #expect(try await numbers.find(["_id": 4], as: Number.self) == [Number(id: 4, odd: false)])
            #expect(try await numbers.findOne(["_id": 3], as: Number.self) == Number(id: 3, odd: true))
            #expect(try await numbers.findOne(["_id": 5], as: Number.self) == nil)
            try await numbers.insertOne(["_id": 6])
            let error = await #expect(throws: StoreError.self) { try await numbers.find([:], as: Number.self) }
            #expect(error?.code == .invalid)
            #expect(error?.call == "decode")
            #expect(error?.message == "odd: missing")
        }
    }

    @Test func distinctValuesComeOnce() async throws {
        try await TestServer.withCollection { numbers in
            try await numbers.insertMany(Self.numbers)
            #expect(Set(try await numbers.distinct("odd")) == [true, false])
            #expect(try await numbers.distinct("_id", ["_id": ["$lt": 3]]) == [1, 2])
        }
    }

    /// The server's own names of the stored types.
    static let types: [(BSONValue, String)] = [
        (1.5, "double"), ("x", "string"), (["a": 1], "object"), ([1], "array"),
        (.binary(BSONBinary(bytes: [1])), "binData"), (.objectID(ObjectID(seconds: 1, unique: 2)), "objectId"),
        (true, "bool"), (.date(Date(timeIntervalSince1970: 1.5)), "date"), (nil, "null"), (1, "int"),
        (.int64(1), "long"), (.timestamp(BSONTimestamp(seconds: 1, increment: 2)), "timestamp"),
        (.opaque(BSONOpaque(type: BSONFormat.decimal128, bytes: [125] + Array(repeating: 0, count: 15))), "decimal"),
        (.opaque(BSONOpaque(type: BSONFormat.regularExpression, bytes: [0x61, 0, 0x69, 0])), "regex"),
        (.opaque(BSONOpaque(type: BSONFormat.maximumKey, bytes: [])), "maxKey"),
    ]

    @Test(arguments: types)
    func theServerSeesTheTypeAndReturnsTheValue(value: BSONValue, type: String) async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": 1, "value": value])
            #expect(try await things.findOne(["_id": 1])?["value"] == value)
            let seen = try await things.aggregate([["$project": ["type": ["$type": "$value"]]]])
            #expect(seen.first?["type"]?.stringValue == type)
        }
    }

    @Test func anExplainNamesTheIndex() async throws {
        try await TestServer.withCollection { things in
            try await things.createIndexes([IndexDefinition(name: "by_state", keys: ["state": 1, "createdAt": 1])])
            let query = Query(["state": "queued"], sort: ["createdAt": 1], limit: 1)
            #expect(try await things.explain(query).description.contains("indexName: \"by_state\""))
            let ran = try await things.explain(query, verbosity: .executionStats)
            #expect(ran["executionStats"]?.documentValue?["totalDocsExamined"]?.intValue == 0)
        }
    }

    @Test func theServerTellsItsTimeAndRole() async throws {
        try await TestServer.withDatabase { database in
            try await database.ping()
            #expect(abs(try await database.serverTime().timeIntervalSinceNow) < 60)
            #expect(try await database.hello()["isWritablePrimary"] == true)
        }
    }
}
