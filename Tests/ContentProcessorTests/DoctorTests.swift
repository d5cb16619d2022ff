import Domain
import Foundation
import MongoDriver
import MongoStore
import ServiceConfiguration
import TestSupport
import Testing

@testable import ContentProcessor

/// What `doctor` tells of an installation.
@Suite struct DoctorTests {
    private func diagnose(_ fixture: ServiceFixture) async -> [String: Diagnostic] {
        let diagnostics = await Diagnostics(fixture.dependencies.configuration, file: "config.cfg").diagnostics()
        return Dictionary(diagnostics.map { ($0.name, $0) }) { $1 }
    }

    @Test func aWholeInstallationIsWell() async throws {
        try await ServiceFixture.run { fixture in
            let seen = await self.diagnose(fixture)
            for name in ["mongodb", "mongodb_writes", "mongodb_indexes", "object_store", "annotator_1", "encoder"] {
                #expect(seen[name]?.status == .ok, "\(name): \(seen[name]?.seen ?? "not looked at")")
            }
            #expect(seen.values.allSatisfy { ($0.status == .ok) == ($0.advice == nil) })
            // Looking leaves nothing behind.
            let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.file("work"))
            #expect(!left.contains { $0.hasPrefix("doctor-") })
        }
    }

    @Test func aDatabaseThatIsAwayIsSaidAndTheRestIsLookedAt() async throws {
        try await ServiceFixture.runWithoutDatabase { fixture in
            let seen = await self.diagnose(fixture)
            #expect(seen["mongodb"]?.status == .failed)
            #expect(seen["mongodb"]?.advice?.isEmpty == false)
            #expect(seen["object_store"]?.status == .ok)
            // Versions of the configuration need no database to be tried.
            #expect(seen["annotator_1"]?.status == .ok)
        }
    }

    @Test func missingIndexesAreMade() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.raw.drop()
            _ = await self.diagnose(fixture)
            #expect(try await fixture.dependencies.database.examine().missingIndexes.isEmpty)
        }
    }

    @Test func aModelThatIsNotThereIsNamed() async throws {
        let section = "[AutoAnnotation.2]\nengine = onnx\nmodel = none.onnx"
        try await ServiceFixture.run(settings: [section]) { fixture in
            let seen = await self.diagnose(fixture)
            #expect(seen["annotator_2"]?.status == .failed)
            #expect(seen["annotator_2"]?.seen.contains("none.onnx") == true)
            #expect(seen["annotator_1"]?.status == .ok)
        }
    }
}
