import Domain
import Foundation
import MongoDriver
import Testing

@testable import MongoStore

/// Versions that were registered, and what becomes of those that boxes refer to.
@Suite struct AnnotatorRecordTests {
    private static func version(_ number: Int, confidence: Double = 0.25) -> AnnotatorVersion {
        AnnotatorVersion(
            number: number,
            meaning: AnnotatorMeaning(engine: .motion, confidence: confidence, iou: 0.5, tracks: false),
            note: "of a test", createdAt: Date(timeIntervalSince1970: 1_000_000))
    }

    @Test func aVersionThatNobodyUsedMayBeReplacedAndRemoved() async throws {
        try await QueueFixture.run { (fixture) async throws in
            let annotators = fixture.database.annotators
            #expect(try await annotators.register(Self.version(2)))
            #expect(try await annotators.register(Self.version(2, confidence: 0.5)))
            #expect(try await annotators.find(2)?.version.meaning.confidence == 0.5)
            #expect(try await annotators.remove(2))
            #expect(try await annotators.find(2) == nil)
            #expect(try await !annotators.remove(2))
        }
    }

    @Test func aUsedVersionKeepsItsMeaningForEver() async throws {
        try await QueueFixture.run { (fixture) async throws in
            let annotators = fixture.database.annotators
            #expect(try await annotators.register(Self.version(2)))
            #expect(try await annotators.use(Self.version(2)))
            #expect(try await annotators.find(2)?.isUsed == true)
            // The same once more is no change; anything else is refused.
            #expect(try await annotators.use(Self.version(2)))
            #expect(try await annotators.register(Self.version(2)))
            #expect(try await !annotators.use(Self.version(2, confidence: 0.5)))
            #expect(try await !annotators.register(Self.version(2, confidence: 0.5)))
            #expect(try await !annotators.remove(2))
            #expect(try await annotators.find(2)?.version.meaning.confidence == 0.25)
        }
    }

    @Test func ofTwoMeaningsAtOnceOneGetsTheNumber() async throws {
        try await QueueFixture.run { (fixture) async throws in
            let annotators = fixture.database.annotators
            let taken = try await Array(0..<10).concurrentMap { number in
                try await annotators.use(Self.version(3, confidence: 0.1 * Double(number)))
            }
            #expect(taken.filter(\.self).count == 1)
        }
    }

    @Test func versionsAreListedByTheirNumbers() async throws {
        try await QueueFixture.run { (fixture) async throws in
            for number in [7, 2, 5] { _ = try await fixture.database.annotators.register(Self.version(number)) }
            #expect(try await fixture.database.annotators.all().map(\.version.number) == [2, 5, 7])
        }
    }
}
