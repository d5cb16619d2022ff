internal import Foundation
package import MongoDriver
package import MongoStore

/// The real mongod that tests use, named by `MONGODB_TEST_URI`; the test script starts one.
package enum TestServer {
    package struct Missing: Error, CustomStringConvertible {
        package let description =
            "MONGODB_TEST_URI is not set: start a mongod and name it, or run scripts/test, which does both"
    }

    package static var uri: String {
        get throws {
            guard let uri = ProcessInfo.processInfo.environment["MONGODB_TEST_URI"], !uri.isEmpty else {
                throw Missing()
            }
            return uri
        }
    }

    /// Lends a database of its own to `body` and drops it afterwards.
    package static func withDatabase(clientCount: Int = 2, _ body: (MongoDatabase) async throws -> Void) async throws {
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
    package static func withCollection(_ body: (MongoCollection) async throws -> Void) async throws {
        try await Self.withDatabase { try await body($0.collection("things")) }
    }

    /// Lends the product's collections, with their indexes, and the database under them.
    package static func withCollections(
        _ body: (AnnotationDatabase, MongoDatabase) async throws -> Void
    ) async throws {
        try await Self.withDatabase(clientCount: 4) { raw in
            let database = AnnotationDatabase(raw)
            try await database.prepareOnce()
            try await body(database, raw)
        }
    }
}
