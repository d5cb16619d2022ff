import BSON
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import ContentProcessor

/// Small rules of requests and answers.
@Suite struct AnswerTests {
    // MARK: Documents as JSON

    static let values: [(BSONValue, String)] = [
        (.null, "null"), (.bool(true), "true"), (.int32(-7), "-7"), (.int64(1 << 40), "1099511627776"),
        (.double(0.5), "0.5"), (.double(.infinity), "null"), (.double(.nan), "null"), (.string("é\"\n"), #""é\"\n""#),
        (.objectID(ObjectID(seconds: 1, unique: 2)), "\"\(ObjectID(seconds: 1, unique: 2))\""),
        (.date(Date(timeIntervalSince1970: 0)), #""1970-01-01T00:00:00.000Z""#),
        (.array([1, "a", .null]), #"[1,"a",null]"#), (["b": 1, "a": ["c": []]], #"{"a":{"c":[]},"b":1}"#),
    ]

    @Test(arguments: values)
    func aValueOfADocumentIsReadableJSON(_ value: BSONValue, _ json: String) throws {
        let encoder = JSONEncoder.forRecords
        encoder.outputFormatting.insert(.sortedKeys)
        let text = String(decoding: try encoder.encode(JSONDocument(["v": value])), as: UTF8.self)
        #expect(text == "{\"v\":\(json)}")
    }

    // MARK: Preferences

    static let preferences: [([String], Int)] = [
        ([], 0), (["wait=5"], 5), (["Wait = 5"], 5), (["respond-async, wait=10"], 10),
        (["respond-async", "wait=7"], 7),
        (["wait=5; x=1"], 5), (["wait=600"], 600), (["wait=601"], 600), (["wait=-1"], 0), (["wait=soon"], 0),
        (["wait"], 0), (["wait="], 0), (["waiting=5"], 0), (["wait=5, wait=9"], 5), (["wait=99999999999999999999"], 0),
        (["\twait=3 "], 3), ([","], 0), ([""], 0),
    ]

    @Test(arguments: preferences)
    func thePreferenceToWaitIsReadAsItsStandardSays(_ values: [String], _ seconds: Int) {
        #expect(PreferredWait(values).duration == .seconds(seconds))
    }

    @Test(arguments: ["", ";", "; wait=5", " ; "])
    func aPreferenceWithoutANameIsPassedOver(_ value: String) {
        #expect(PreferredWait([value]).duration == .zero)
    }

    // MARK: Queries

    private static func request(_ path: String, body: RequestBody = .init(buffer: ByteBuffer())) -> Request {
        Request(
            head: .init(
                method: .post, scheme: "http", authority: "localhost", path: path,
                headerFields: [.contentType: "application/json"]), body: body)
    }

    static let queries: [(String, [String: String])] = [
        ("/a", [:]), ("/a?", [:]), ("/a?x=1", ["x": "1"]), ("/a?x=1&y=", ["x": "1", "y": ""]),
        ("/a?x=%20%26", ["x": " &"]), ("/a?state=failed&limit=3", ["state": "failed", "limit": "3"]),
    ]

    @Test(arguments: queries)
    func aQueryIsItsParametersByName(_ path: String, _ parameters: [String: String]) throws {
        #expect(try Self.request(path).parameters() == parameters)
    }

    @Test func everyParameterThatIsGivenTwiceIsNamedOnce() {
        let problem = #expect(throws: Problem.self) { try Self.request("/a?x=1&y=2&x=3&z=1&x=4&z=1").parameters() }
        #expect(problem?.status.code == 400)
        #expect(problem?.errors.map(\.field) == ["x", "z"])
        #expect(problem?.errors.first?.message == "x is given more than once.")
    }

    // MARK: Bodies

    static let bodies: [(String, Int, Int?)] = [
        (#"{"a":1}"#, 7, nil), (#"{"a":1}"#, 6, 413), ("", 100, 400), ("{", 100, 400),
    ]

    @Test(arguments: bodies)
    func aBodyIsReadUpToItsLimit(_ text: String, _ limit: Int, _ status: Int?) async throws {
        let request = Self.request("/a", body: RequestBody(buffer: ByteBuffer(string: text)))
        do {
            #expect(try await BodyFields.read(request, limit: limit) == ["a": "1"])
            #expect(status == nil)
        } catch let problem as Problem {
            #expect(problem.status.code == status)
        }
    }
}
