import Domain
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOHTTP1
import ObjectStore
import Testing

@testable import ContentPipeline
@testable import ContentProcessor
@testable import DatasetBuilder
@testable import MongoStore

/// What a client is told when a route throws.
@Suite struct ProblemTests {
    struct Thrown: Sendable, CustomTestStringConvertible {
        let error: any Error
        let status: Int
        var retryAfter: String?

        var testDescription: String { "\(self.status) \(self.error)" }
    }

    private static let driverText = "find ContentJobUnit on db7.internal:27017"

    static let table = [
        Thrown(error: IntakeRejection.badFields([FieldError(field: "fps", message: "fps is bad.")]), status: 400),
        Thrown(error: IntakeRejection.unknownUpload("There is no upload."), status: 404),
        Thrown(error: IntakeRejection.conflict("Tasks are there."), status: 409),
        Thrown(error: IntakeRejection.content("It is no video."), status: 422),
        Thrown(error: IntakeRejection.queueFull(retryAfter: .seconds(30)), status: 429, retryAfter: "30"),
        Thrown(error: AnnotationFailure.notInstalled("OpenVINO is not installed."), status: 501),
        Thrown(error: StoreError(.unavailable, call: "find", message: driverText), status: 503, retryAfter: "5"),
        Thrown(error: StoreError(.denied, call: "find", message: driverText), status: 503, retryAfter: "5"),
        Thrown(error: StoreError(.invalid, call: "find", message: driverText), status: 500),
        Thrown(error: StoreError(.refused, call: "find", message: driverText), status: 500),
        Thrown(
            error: BlobError(code: .unavailable, subject: "bucket", message: driverText), status: 503,
            retryAfter: "5"),
        Thrown(error: BlobError(code: .full, subject: "bucket", message: driverText), status: 507, retryAfter: "5"),
        Thrown(error: HTTPParserError.invalidChunkSize, status: 400),
        Thrown(error: CancellationError(), status: 503, retryAfter: "5"),
    ]

    @Test(arguments: table) func eachErrorHasItsStatusAndNoDriverText(_ thrown: Thrown) async throws {
        let router = Router(context: APIRequestContext.self)
        router.add(middleware: RequestIDMiddleware())
        router.add(middleware: ProblemMiddleware())
        router.get("fail") { _, _ -> Response in throw thrown.error }
        let application = Application(router: router)
        try await application.test(.router) { client in
            try await client.execute(uri: "/fail", method: .get) { response in
                let body = String(buffer: response.body)
                #expect(response.status.code == thrown.status)
                #expect(response.headers[.retryAfter] == thrown.retryAfter)
                #expect(response.headers[.contentType] == "application/problem+json")
                #expect(!body.contains("internal:"))
                #expect(!body.contains("ContentJobUnit"))
            }
        }
    }

    @Test func aBrokenFramingClosesTheConnection() async throws {
        let problem = Problem(HTTPParserError.invalidEOFState)
        #expect(problem.status == .badRequest)
        #expect(problem.headers[.connection] == "close")
    }

    @Test(arguments: [400, 401, 404, 405, 408, 409, 413, 415, 422, 429, 499, 500, 501, 502, 503, 507])
    func everyStatusInUseHasATitle(_ code: Int) {
        let phrase = Problem(code, "A sentence.").status.reasonPhrase
        #expect(!phrase.isEmpty && !phrase.contains("Unknown"))
    }
}
