import Foundation

@testable import MongoStore

/// The real mongod that tests use, named by `MONGODB_TEST_URI`; the test script starts one.
enum TestServer {
    struct Missing: Error, CustomStringConvertible {
        let description =
            "MONGODB_TEST_URI is not set: start a mongod and name it, or run scripts/test, which does both"
    }

    static var uri: String {
        get throws {
            guard let uri = ProcessInfo.processInfo.environment["MONGODB_TEST_URI"], !uri.isEmpty else {
                throw Missing()
            }
            return uri
        }
    }

    /// Lends a database of its own to `body` and drops it afterwards.
    static func withDatabase(clientCount: Int = 2, _ body: (MongoDatabase) async throws -> Void) async throws {
        let name = "test_\(UInt64.random(in: .min ... .max))"
        var configuration = MongoConfiguration(uri: try Self.uri, databaseName: name)
        configuration.clientCount = clientCount
        let database = try MongoDatabase(configuration)
        do {
            try await body(database)
        } catch {
            try await database.drop()
            throw error
        }
        try await database.drop()
    }

    /// As ``withDatabase(clientCount:_:)``, with one empty collection.
    static func withCollection(_ body: (MongoCollection) async throws -> Void) async throws {
        try await Self.withDatabase { try await body($0.collection("things")) }
    }
}

extension MongoDatabase {
    fileprivate func drop() async throws(StoreError) {
        _ = try await self.write(["dropDatabase": 1], call: "dropDatabase")
    }
}
