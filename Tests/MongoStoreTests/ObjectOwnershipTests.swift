import Domain
import Testing

@testable import MongoStore

/// Objects beside a clip belong to the clip's upload and go with the clip.
@Suite struct ObjectLedgerTests {
    private static func original(_ number: Int, clip: Int = 0) -> ObjectOwnership.WrittenObject {
        ObjectOwnership.WrittenObject(
            key: "contents/p/task-\(clip)-a/originals/\(number).png", clip: clip,
            sha256: String(repeating: "b", count: 64), byteCount: 5)
    }

    @Test func originalsAreWrittenByTheirJobAndGoBeforeTheirClip() async throws {
        try await QueueFixture.run { fixture in
            let ownership = fixture.database.objects
            let job = try await fixture.queuedJob()
            let clip = job.clipKeys.shared(ofClip: 0)
            #expect(try await ownership.claim(clip, for: job, clip: 0) == .claimed)
            try await ownership.recordWrite(
                clip, by: job, clip: 0, sha256: String(repeating: "a", count: 64), byteCount: 9)
            let originals = [Self.original(1), Self.original(2)]
            for _ in 1...2 { try await ownership.recordWrites(originals, by: job) }
            #expect(try await Set(ownership.written(by: job).map(\.key)) == Set(originals.map(\.key) + [clip]))
            #expect(try await ownership.unpublished(by: job) == originals.map(\.key) + [clip])
            #expect(try await ownership.surplus(after: job) == [])
        }
    }

    @Test func whatAnotherUploadOwnsOrNobodyNotedIsForeign() async throws {
        try await QueueFixture.run { fixture in
            let ownership = fixture.database.objects
            let job = try await fixture.queuedJob()
            try await ownership.recordWrites([Self.original(1)], by: job)
            try await fixture.raw.collection("ContentObject").insertOne([
                "_id": .string(Self.original(2).key), "uploadId": .objectID(ObjectID(seconds: 1, unique: 1)),
            ])
            let keys = (1...3).map { Self.original($0).key }
            #expect(try await ownership.foreign(keys, to: job) == Set(keys[1...]))
            do throws(StoreError) {
                try await ownership.recordWrites([Self.original(2)], by: job)
                Issue.record("the other upload's key was taken")
            } catch {
                #expect(error.code == .duplicateKey)
            }
        }
    }
}
