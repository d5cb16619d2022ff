import AutoAnnotation
import BSON
import ContentPipeline
import Domain
import Foundation
import MongoStore
import ObjectStore
import TestSupport
import Testing

/// Versions that are registered at run time, with real model files; none is run here.
@Suite struct ModelRegistrationTests {
    /// The sample detector, two directories above the tests.
    private static let detector = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "samples/detector/shapes.onnx").path

    private static func version(_ number: Int, model: String?, sha256: String? = nil) -> AnnotatorVersion {
        AnnotatorVersion(
            number: number,
            meaning: AnnotatorMeaning(engine: .onnx, sha256: sha256, confidence: 0.25, iou: 0.5, tracks: false),
            modelFile: model, createdAt: Date(timeIntervalSince1970: 1_000_000))
    }

    @Test func aModelIsKeptUnderItsDigestInTheStore() async throws {
        try await PipelineFixture.run { fixture in
            try FileManager.default.copyItem(atPath: Self.detector, toPath: fixture.folder.file("models/shapes.onnx"))
            let registered = try await fixture.registry.register(Self.version(2, model: "shapes.onnx"))
            let sha256 = try await ContentDigest.sha256(ofFileAt: Self.detector)
            #expect(registered.meaning.sha256 == sha256)
            #expect(registered.modelFile == "models/\(sha256).onnx")
            #expect(try await fixture.store.information(of: "models/\(sha256).onnx")?.sha256 == sha256)
            #expect(try await fixture.registry.version(2).meaning == registered.meaning)
            #expect(try await fixture.registry.entries().map(\.version.number) == [1, 2])
            // No part of a copy is left.
            let copies = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.file("work/models"))
            #expect(copies == ["\(sha256).onnx"])
        }
    }

    @Test func aModelThatCameWithTheRequestNeedsNoFolder() async throws {
        try await PipelineFixture.run { fixture in
            let registered = try await fixture.registry.register(
                Self.version(2, model: "The model file"), model: Self.detector)
            #expect(registered.modelFile?.hasPrefix("models/") == true)
        }
    }

    /// A model's name and digest, and words of the rejection.
    static let refusals: [(String?, String?, String)] = [
        ("none.onnx", nil, "There is no model none.onnx"),
        ("../../etc/passwd", nil, "is no file inside the folder"),
        (nil, nil, "has no model file"),
        ("shapes.onnx", String(repeating: "0", count: 64), "instead of 000"),
        ("text.onnx", nil, "is no ONNX model"),
    ]

    @Test(arguments: refusals)
    func whatIsNoModelIsRefusedAndForgotten(_ model: String?, _ sha256: String?, _ words: String) async throws {
        try await PipelineFixture.run { fixture in
            try FileManager.default.copyItem(atPath: Self.detector, toPath: fixture.folder.file("models/shapes.onnx"))
            try Data("GIF89a".utf8).write(to: URL(filePath: fixture.folder.file("models/text.onnx")))
            let error = await #expect(throws: (any Error).self) {
                _ = try await fixture.registry.register(Self.version(2, model: model, sha256: sha256))
            }
            let message = (error as? AnnotationFailure)?.message ?? (error as? EngineError)?.message ?? ""
            #expect(message.contains(words), "\(message)")
            #expect(try await fixture.registry.entries().map(\.version.number) == [1])
            #expect(try await fixture.store.keys(startingWith: "models/").isEmpty)
        }
    }

    @Test func aNumberOfTheConfigurationIsNotGivenAway() async throws {
        try await PipelineFixture.run { fixture in
            let failure = await #expect(throws: AnnotationFailure.self) {
                _ = try await fixture.registry.register(Self.version(1, model: "shapes.onnx"))
            }
            #expect(failure?.status == 409)
            await #expect(throws: AnnotationFailure.self) { try await fixture.registry.remove(1) }
        }
    }

    @Test func anUnknownVersionIsNamedWithThoseThatThereAre() async throws {
        try await PipelineFixture.run { fixture in
            let failure = await #expect(throws: AnnotationFailure.self) { _ = try await fixture.registry.version(9) }
            #expect(failure?.message.contains("registered: 1.") == true)
        }
    }

    @Test func aServerThatIsNotListedIsNeverAsked() async throws {
        try await PipelineFixture.run { fixture in
            let version = AnnotatorVersion(
                number: 3,
                meaning: AnnotatorMeaning(
                    engine: .remote, modelName: "m", confidence: 0.25, iou: 0.5, tracks: false),
                urls: ["http://169.254.169.254"], createdAt: Date(timeIntervalSince1970: 0))
            let failure = await #expect(throws: AnnotationFailure.self) {
                _ = try await fixture.registry.register(version)
            }
            #expect(failure?.message.contains("inference_servers, which has none") == true)
        }
    }
}
