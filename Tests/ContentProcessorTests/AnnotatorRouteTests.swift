import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import ContentProcessor

/// `/api/autoAnnotationVersions`.
@Suite struct AnnotatorRouteTests {
    private static let path = "/api/autoAnnotationVersions"
    private static let detector = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "samples/detector/shapes.onnx")

    @Test func theVersionsOfTheConfigurationAreListed() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let versions = try await client.get(Self.path).list
                #expect(versions.compactMap { $0["version"] as? Int } == [1])
                #expect(versions.first?["engine"] as? String == "motion")
                #expect(try await client.get("\(Self.path)/1").object["version"] as? Int == 1)
                for number in ["7", "x", "-1"] {
                    try await client.get("\(Self.path)/\(number)").expectProblem(404, "no such auto-annotation version")
                }
            }
        }
    }

    @Test func aModelFileIsRegisteredAndNeverReplacedOnceItIsUsed() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                var headers = HTTPFields.withKey
                headers[.contentType] = "application/octet-stream"
                let model = ByteBuffer(bytes: try Data(contentsOf: Self.detector))
                let query = "version=2&engine=onnx&confidence=0.3"
                let answer = try await client.execute(
                    uri: "\(Self.path)?\(query)", method: .post, headers: headers, body: model)
                #expect(answer.status == .created)
                #expect(try answer.object["version"] as? Int == 2)
                let listed = try await client.get(Self.path).list
                #expect(listed.compactMap { $0["version"] as? Int } == [1, 2])
                // The file that came is gone; the copy under its digest stays.
                let files = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.file("work/models"))
                #expect(files.filter { $0.hasSuffix(".part") }.isEmpty)
                #expect(files.filter { $0.hasSuffix(".onnx") }.count == 1)
            }
        }
    }

    /// Fields of a registration, and the status and words of the answer.
    static let refusals: [([String: String], Int, String)] = [
        ([:], 400, "version"),
        (["version": "0", "engine": "motion"], 400, "version"),
        (["version": "2", "engine": "magic"], 400, "engine"),
        (["version": "2", "engine": "onnx"], 400, "model"),
        (["version": "2", "engine": "onnx", "model": "none.onnx"], 422, "There is no model none.onnx"),
        (["version": "1", "engine": "motion"], 409, "stands in the configuration"),
        (["version": "2", "engine": "motion", "confidence": "2"], 400, "confidence"),
    ]

    @Test(arguments: refusals)
    func whatCannotBeRegisteredIsSaid(_ fields: [String: String], _ status: Int, _ words: String) async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                try await client.post(Self.path, fields, headers: .withKey).expectProblem(status, words)
                #expect(try await client.get(Self.path).list.count == 1)
            }
        }
    }

    @Test func aModelWithoutAKeyIsNotEvenRead() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                let answer = try await client.execute(
                    uri: "\(Self.path)?version=2&engine=onnx", method: .post,
                    headers: [.contentType: "application/octet-stream"], body: ByteBuffer(string: "model"))
                #expect(answer.status == .unauthorized)
            }
        }
    }

    @Test func fieldsInTheQueryOfAFormAreAMistakeThatIsNamed() async throws {
        try await ServiceFixture.run { fixture in
            try await fixture.withClient { client in
                try await client.post("\(Self.path)?version=2", ["engine": "motion"], headers: .withKey)
                    .expectProblem(400, "belongs in the body")
            }
        }
    }
}
