import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobWorker
import MongoDriver
import MongoStore
import NIOCore
import ServiceConfiguration
import TestSupport
import Testing

@testable import ContentProcessor

/// The service as `serve` joins it, from a configuration file, with a database, folders and a key of its own; workers
/// run where a test wants them.
struct ServiceFixture: Sendable {
    static let key = "a-key-of-sixteen-letters-or-more"

    let raw: MongoDatabase
    let folder: TestFolder
    let dependencies: ServiceDependencies
    let watch: JobWatch
    let projectId = ObjectID(seconds: 7, unique: 2)

    /// - Parameter settings: further lines of the configuration, such as `[App]\nqueue_limit = 1`.
    static func run(settings: [String] = [], _ body: (ServiceFixture) async throws -> Void) async throws {
        try await TestServer.withDatabase { raw in
            let fixture = try ServiceFixture(raw: raw, uri: try TestServer.uri, settings: settings)
            try await fixture.dependencies.database.prepareOnce()
            try await raw.collection("AnnotationProject").insertOne(["_id": .objectID(fixture.projectId)])
            try await body(fixture)
        }
    }

    /// The same with a database that nobody answers for.
    static func runWithoutDatabase(_ body: (ServiceFixture) async throws -> Void) async throws {
        let uri = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=50"
        let raw = try MongoDatabase(MongoConfiguration(uri: uri, databaseName: "away"))
        try await body(try ServiceFixture(raw: raw, uri: uri, settings: []))
    }

    private init(raw: MongoDatabase, uri: String, settings: [String]) throws {
        self.raw = raw
        self.folder = try TestFolder()
        for name in ["contents/p1", "work", "models", "objects"] {
            try FileManager.default.createDirectory(
                at: self.folder.url.appending(path: name), withIntermediateDirectories: true)
        }
        let app = settings.filter { !$0.hasPrefix("[") }.joined(separator: "\n")
        let sections = settings.filter { $0.hasPrefix("[") }.joined(separator: "\n")
        let text = """
            [MongoDB]
            uri = \(uri)
            db_name = \(raw.name)
            [S3]
            directory = objects
            [App]
            api_key = \(Self.key)
            port = 0
            \(app)
            [Content]
            frames_per_task = 10
            \(sections)
            """
        try Data(text.utf8).write(to: self.folder.url.appending(path: "config.cfg"))
        let configuration = try Configuration.load(
            path: "config.cfg", environment: [:], workingDirectory: self.folder.path)
        self.dependencies = try ServiceDependencies(configuration: configuration, role: "serve")
        self.watch = JobWatch(
            database: self.dependencies.database, streamLimit: 10, logger: self.dependencies.logger)
    }

    /// Lends a client of the routes.
    func withClient(_ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        let router = try makeRouter(try self.dependencies.routeDependencies(watch: self.watch))
        try await Application(router: router).test(.router, body)
    }

    /// Lends a client while one worker works and the watch looks at jobs, as in a running service.
    func withWorkingClient(
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let worker = makeWorker(self.dependencies, owner: "worker")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await worker.run() }
            group.addTask { try await self.watch.run() }
            try await self.withClient(body)
            group.cancelAll()
        }
    }
}

// MARK: What requests are about

extension ServiceFixture {
    /// A video of 60 numbered frames in the content folder.
    func addVideo(_ name: String = "cam.mp4") throws {
        let video = try NumberedVideo("-c:v libx264 -g 30", as: "mp4", size: "160x96")
        try withExtendedLifetime(video) {
            try FileManager.default.copyItem(atPath: video.path, toPath: self.folder.file("contents/p1/\(name)"))
        }
    }

    func upload(_ number: UInt64 = 1) async throws -> ObjectID {
        let id = ObjectID(seconds: 9, unique: number)
        try await self.raw.collection("AnnotationContentUpload").insertOne([
            "_id": .objectID(id), "projectId": .objectID(self.projectId), "status": 0,
        ])
        return id
    }

    /// Fields of a good request, some of them replaced.
    func fields(_ upload: ObjectID, _ changes: [String: String] = [:]) -> [String: String] {
        [
            "auth_key": Self.key, "upload_id": "\(upload)", "project_id": "\(self.projectId)", "frame_rate": "5",
            "content_path": "contents/p1/cam.mp4", "force_write": "0", "auto_anno_version": "0", "request_type": "0",
        ].merging(changes) { $1 }
    }
}

/// The encodings of a body that the backend may use.
enum BodyEncoding: String, CaseIterable, Sendable {
    case urlEncoded, multipart, json

    var contentType: String {
        switch self {
        case .urlEncoded: "application/x-www-form-urlencoded"
        case .multipart: "multipart/form-data; boundary=bound"
        case .json: "application/json"
        }
    }

    func body(_ fields: [String: String]) throws -> ByteBuffer {
        switch self {
        case .urlEncoded:
            var allowed = CharacterSet.alphanumerics
            allowed.insert(charactersIn: "-._~")
            let pairs = fields.map { name, value in
                "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
            }
            return ByteBuffer(string: pairs.joined(separator: "&"))
        case .multipart:
            let parts = fields.map { name, value in
                "--bound\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
            }
            return ByteBuffer(string: parts.joined() + "--bound--\r\n")
        case .json:
            return ByteBuffer(bytes: try JSONEncoder().encode(fields))
        }
    }
}

extension TestClientProtocol {
    /// Posts fields as JSON.
    func post(
        _ path: String, _ fields: [String: String], headers: HTTPFields = [:], as encoding: BodyEncoding = .json
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = encoding.contentType
        return try await self.execute(uri: path, method: .post, headers: headers, body: try encoding.body(fields))
    }

    /// With the key, unless `headers` are given.
    func get(_ path: String, headers: HTTPFields? = nil) async throws -> TestResponse {
        try await self.execute(uri: path, method: .get, headers: headers ?? .withKey)
    }
}

extension HTTPFields {
    static let withKey: HTTPFields = [.authorization: "Bearer \(ServiceFixture.key)"]
}

extension TestResponse {
    var text: String { String(buffer: self.body) }

    /// The body as a JSON object.
    var object: [String: Any] {
        get throws {
            try #require(
                try JSONSerialization.jsonObject(with: Data(self.body.readableBytesView)) as? [String: Any])
        }
    }

    /// The body as a list of JSON objects.
    var list: [[String: Any]] {
        get throws {
            try #require(
                try JSONSerialization.jsonObject(with: Data(self.body.readableBytesView)) as? [[String: Any]])
        }
    }

    /// Status and message of an RFC 9457 problem.
    func expectProblem(
        _ status: Int, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(self.status.code == status, sourceLocation: sourceLocation)
        #expect(
            self.headers[.contentType]?.hasPrefix("application/problem+json") == true, sourceLocation: sourceLocation)
        let problem = try self.object
        #expect(problem["status"] as? Int == status, sourceLocation: sourceLocation)
        let message = problem["message"] as? String ?? ""
        #expect(message.contains(words), "\(message)", sourceLocation: sourceLocation)
    }
}
