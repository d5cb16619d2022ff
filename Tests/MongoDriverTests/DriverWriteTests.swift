import Domain
import FoundationEssentials
import TestSupport
import Testing

@testable import BSON
@testable import MongoDriver

@Suite struct DriverWriteTests {
    @Test func aSecondDocumentWithTheSameIDIsADuplicate() async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": 1])
            let error = await #expect(throws: StoreError.self) { try await things.insertOne(["_id": 1]) }
            #expect(error?.code == .duplicateKey)
            #expect(error?.duplicate == StoreError.DuplicateKey(indexName: "_id_", fields: ["_id"]))
            #expect(error?.call == "insert things")
            #expect(error?.status == 11000)
        }
    }

    @Test func aUniqueIndexIsNamedByEveryCommandThatBreaksIt() async throws {
        try await TestServer.withCollection { things in
            try await things.createIndexes([
                IndexDefinition(
                    name: "once", keys: ["task": 1, "frame": 1], isUnique: true,
                    partialFilter: ["run": ["$exists": true]])
            ])
            try await things.insertOne(["_id": 1, "task": 1, "frame": 1, "run": 1])
            try await things.insertOne(["_id": 2, "task": 1, "frame": 1])
            let merge: BSONDocument = ["$merge": ["into": "things", "whenMatched": "replace"]]
            let breaks: [@Sendable () async throws -> Void] = [
                { try await things.insertOne(["task": 1, "frame": 1, "run": 1]) },
                { try await things.updateOne(["_id": 2], ["$set": ["run": 1]]) },
                {
                    _ = try await things.findAndModify(["_id": 2], ["$set": ["run": 1]])
                },
                {
                    try await things.aggregate([["$match": ["_id": 2]], ["$set": ["run": 1]], merge])
                },
            ]
            for command in breaks {
                let error = await #expect(throws: StoreError.self) { try await command() }
                #expect(error?.code == .duplicateKey)
                #expect(error?.duplicate == StoreError.DuplicateKey(indexName: "once", fields: ["task", "frame"]))
            }
        }
    }

    @Test func manyInsertsReportTheirDuplicatesAndDoTheRest() async throws {
        try await TestServer.withCollection { things in
            try await things.insertMany([["_id": 1], ["_id": 3]])
            let outcome = try await things.insertMany((0..<5).map { ["_id": .int($0)] })
            #expect(outcome.insertedCount == 3)
            #expect(outcome.duplicates.map(\.position) == [1, 3])
            #expect(outcome.duplicates.allSatisfy { $0.key.indexName == "_id_" })
            #expect(try await things.insertMany([]).insertedCount == 0)
            #expect(try await things.count() == 5)
        }
    }

    @Test func moreThanOneCommandHoldsIsInserted() async throws {
        try await TestServer.withCollection { things in
            let padding = String(repeating: "x", count: 6 << 20)
            // 60 MB; a command ends at 48.
            let documents = (0..<10).map { ["_id": .int($0 % 9), "padding": .string(padding)] as BSONDocument }
            let outcome = try await things.insertMany(documents)
            #expect(outcome.insertedCount == 9)
            #expect(outcome.duplicates.map(\.position) == [9])
        }
    }

    @Test func otherRefusalsAreNoDuplicates() async throws {
        try await TestServer.withCollection { things in
            // An array cannot be an _id.
            let documents: [BSONDocument] = [["_id": 1], ["_id": 1], ["_id": [1]], ["_id": 2]]
            let error = await #expect(throws: StoreError.self) { try await things.insertMany(documents) }
            #expect(error?.message.contains("array") == true)
            let count = try await things.count()
            #expect(count == 2)
        }
    }

    @Test func oneImpossibleDocumentStopsTheInsertBeforeItStarts() async throws {
        try await TestServer.withCollection { things in
            let documents: [BSONDocument] = [["_id": 1], ["a\0b": 1], ["_id": 2]]
            let error = await #expect(throws: StoreError.self) { try await things.insertMany(documents) }
            #expect(error?.code == .invalid)
            let count = try await things.count()
            #expect(count == 0)
        }
    }

    @Test func aRecordThatBSONCannotHoldIsInvalidAtItsPath() async throws {
        try await TestServer.withCollection { things in
            let record = ["counts": [UInt64.max]]
            let error = await #expect(throws: StoreError.self) { try await things.insertOne(record) }
            #expect(error?.code == .invalid)
            #expect(error?.call == "encode")
            #expect(error?.message.hasPrefix("counts.0: 18446744073709551615") == true)
        }
    }

    @Test func textThatIsNotUTF8IsCopiedThroughTheServer() async throws {
        try await TestServer.withCollection { things in
            let text = BSONOpaque(type: BSONFormat.string, bytes: [2, 0, 0, 0, 0x80, 0])
            try await things.insertOne(["_id": 1, "text": .opaque(text)])
            #expect(try await things.findOne([:])?["text"] == .opaque(text))
        }
    }

    @Test func anUpdateWithoutOperatorsDoesNotReplaceTheDocument() async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": 1, "mine": true])
            let error = await #expect(throws: StoreError.self) { try await things.updateOne(["_id": 1], ["n": 1]) }
            #expect(error?.code == .refused)
            #expect(try await things.findOne([:]) == ["_id": 1, "mine": true])
        }
    }

    @Test func aDocumentThatIsTooLargeIsInvalid() async throws {
        try await TestServer.withCollection { things in
            let bytes = [UInt8](repeating: 0, count: 17 << 20)
            let error = await #expect(throws: StoreError.self) {
                try await things.insertOne(["bytes": .binary(BSONBinary(bytes: bytes))])
            }
            #expect(error?.code == .invalid)
        }
    }

    static let updates: [(Update, UpdateOutcome)] = [
        (["$set": ["n": 2]], UpdateOutcome(matchedCount: 1, modifiedCount: 1, upsertedID: nil)),
        (["$set": ["n": 1]], UpdateOutcome(matchedCount: 1, modifiedCount: 0, upsertedID: nil)),
        ([["$set": ["n": ["$add": ["$n", 1]]]]], UpdateOutcome(matchedCount: 1, modifiedCount: 1, upsertedID: nil)),
    ]

    @Test(arguments: updates)
    func anUpdateCountsWhatItFoundAndChanged(update: Update, outcome: UpdateOutcome) async throws {
        try await TestServer.withCollection { things in
            try await things.insertOne(["_id": 1, "n": 1])
            #expect(try await things.updateOne(["_id": 1], update) == outcome)
            #expect(try await things.updateOne(["_id": 2], update).matchedCount == 0)
        }
    }

    @Test func severalChangesAreMadeInOrderUpToTheFirstThatFails() async throws {
        try await TestServer.withCollection { things in
            try await things.updateEach([], upsert: true)
            try await things.updateEach(
                [(["_id": 1], ["$set": ["n": 1]]), (["_id": 1], ["$inc": ["n": 2]]), (["_id": 2], ["$set": ["n": 5]])],
                upsert: true)
            #expect(try await things.findOne(["_id": 1]) == ["_id": 1, "n": 3])
            let error = await #expect(throws: StoreError.self) {
                try await things.updateEach([
                    (["_id": 3], ["$set": ["n": 1]]), (["_id": 1], ["$set": ["n": 4]]),
                    (["_id": 2], ["$set": ["_id": 9]]), (["_id": 1], ["$set": ["n": 5]]),
                ])
            }
            #expect(error != nil)
            #expect(try await things.findOne(["_id": 1]) == ["_id": 1, "n": 4])
            #expect(try await things.count() == 2)
        }
    }

    @Test func anUpsertTellsTheNewID() async throws {
        try await TestServer.withCollection { things in
            let outcome = try await things.updateOne(["_id": 7], ["$set": ["n": 1]], upsert: true)
            #expect(outcome == UpdateOutcome(matchedCount: 0, modifiedCount: 0, upsertedID: 7))
            #expect(try await things.findOne([:]) == ["_id": 7, "n": 1])
        }
    }

    @Test func manyAreUpdatedAndDeletedTogether() async throws {
        try await TestServer.withCollection { things in
            try await things.insertMany((0..<5).map { ["_id": .int($0)] })
            let outcome = try await things.updateMany(["_id": ["$gt": 1]], ["$set": ["n": 1]])
            #expect(outcome == UpdateOutcome(matchedCount: 3, modifiedCount: 3, upsertedID: nil))
            #expect(try await things.updateMany([:], [["$set": ["at": "$$NOW"]]]).modifiedCount == 5)
            #expect(try await things.deleteMany(["n": 1]) == 3)
            #expect(try await things.deleteOne([:]))
            #expect(try await things.deleteOne(["_id": 99]) == false)
            #expect(try await things.count() == 1)
        }
    }

    @Test func findAndModifyTakesTheFirstInOrder() async throws {
        try await TestServer.withCollection { things in
            try await things.insertMany((1...3).map { ["_id": .int($0), "n": .int(-$0)] })
            let query = Query([:], projection: ["_id": 1, "taken": 1], sort: ["n": 1], hint: "_id_")
            let new = try await things.findAndModify(query, ["$set": ["taken": true]])
            #expect(new == ["_id": 3, "taken": true])
            let old = try await things.findAndModify(["_id": 1], [["$set": ["n": 0]]], returnNew: false)
            #expect(old == ["_id": 1, "n": -1])
            #expect(try await things.findAndModify(["_id": 9], ["$set": ["n": 0]]) == nil)
            let made = try await things.findAndModify(["_id": 9], ["$set": ["n": 0]], upsert: true)
            #expect(made == ["_id": 9, "n": 0])
        }
    }

    @Test func aMergeKeepsWhatIsThere() async throws {
        try await TestServer.withDatabase { database in
            let items = database.collection("units")
            let frames = database.collection("frames")
            try await items.insertOne(["_id": 1, "fence": 4])
            try await frames.insertOne(["_id": 0, "by": "a person"])
            let publish: [BSONDocument] = [
                ["$match": ["_id": 1, "fence": 4]],
                ["$project": ["frame": [["_id": 0, "by": "a run"], ["_id": 1, "by": "a run"]]]],
                ["$unwind": "$frame"],
                ["$replaceRoot": ["newRoot": "$frame"]],
                ["$merge": ["into": "frames", "whenMatched": "keepExisting", "whenNotMatched": "insert"]],
            ]
            #expect(try await items.aggregate(publish).isEmpty)
            let found = try await frames.find(Query(sort: ["_id": 1]))
            #expect(found == [["_id": 0, "by": "a person"], ["_id": 1, "by": "a run"]])
        }
    }

    @Test func indexesAreMadeOnceAndConflictsRefused() async throws {
        try await TestServer.withCollection { things in
            let index = IndexDefinition(name: "n", keys: ["n": 1])
            try await things.createIndexes([index])
            try await things.createIndexes([index])
            let error = await #expect(throws: StoreError.self) {
                try await things.createIndexes([IndexDefinition(name: "n", keys: ["n": 1], isUnique: true)])
            }
            #expect(error?.code == .refused)
            try await things.insertMany([["m": 1], ["m": 1]])
            let broken = await #expect(throws: StoreError.self) {
                try await things.createIndexes([IndexDefinition(name: "m", keys: ["m": 1], isUnique: true)])
            }
            #expect(broken?.code == .duplicateKey)
        }
    }

    @Test func aWrongOperatorIsRefused() async throws {
        try await TestServer.withCollection { things in
            for command in ["find", "update", "aggregate"] {
                let error = await #expect(throws: StoreError.self) {
                    switch command {
                    case "find": _ = try await things.find(["$nonsense": 1])
                    case "update": try await things.updateOne([:], ["$nonsense": ["a": 1]])
                    default: try await things.aggregate([["$nonsense": 1]])
                    }
                }
                #expect(error?.code == .refused)
                #expect(error?.call == "\(command) things")
                #expect(error?.message.contains("$nonsense") == true)
            }
        }
    }
}
