import Annotation
import ContentPipeline
import Hummingbird
import MongoStore

/// `/healthz`: the process answers. `/readyz`: so do the database and the object store, and there is room for work.
struct HealthRoutes: Sendable {
    let database: AnnotationDatabase
    let store: any BlobStore
    let workFolder: WorkFolder

    func add(to router: Router<APIRequestContext>) {
        router.get("healthz") { _, _ in try Response.json(["status": "ok"]) }
        router.get("readyz") { _, _ in
            let checks = await self.checks()
            let isReady = checks.values.allSatisfy { $0 == "ok" }
            return try Response.json(
                Readiness(status: isReady ? "ok" : "unavailable", checks: checks),
                status: isReady ? .ok : .serviceUnavailable)
        }
    }

    private struct Readiness: Encodable {
        let status: String
        /// `ok`, or what is wrong, for each system that the service needs.
        let checks: [String: String]
    }

    private func checks() async -> [String: String] {
        async let database = Self.check { try await self.database.checkReadiness() }
        async let store = Self.check { try await self.store.checkReadiness() }
        let folder = await Self.check { try self.workFolder.checkReadiness() }
        return await ["mongodb": database, "object_store": store, "work_folder": folder]
    }

    private static func check(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "ok"
        } catch {
            return "\(error)"
        }
    }
}
