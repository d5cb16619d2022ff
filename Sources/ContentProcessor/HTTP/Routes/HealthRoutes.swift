import Domain
import ContentPipeline
import Failures
import Hummingbird
import Logging
import MongoStore
import ObjectStore

/// `/healthz`: the process answers. `/readyz`: so do the database and the object store, and there is room for work.
struct HealthRoutes: Sendable {
    let database: AnnotationDatabase
    let store: any BlobStore
    let workFolder: WorkFolder

    func add(to router: Router<APIRequestContext>) {
        router.get("healthz") { _, _ in try Response.json(["status": "ok"]) }
        router.get("readyz") { _, context in
            let checks = await self.checks(context.logger)
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

    private func checks(_ logger: Logger) async -> [String: String] {
        async let database = Self.check(logger) { try await self.database.checkReadiness() }
        async let store = Self.check(logger) { try await self.store.checkReadiness() }
        let folder = await Self.check(logger) { try self.workFolder.checkReadiness() }
        return await ["mongodb": database, "object_store": store, "work_folder": folder]
    }

    /// The log gets the error itself, which may name hosts.
    private static func check(_ logger: Logger, _ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "ok"
        } catch let problem as WorkFolder.Problem {
            return problem.description
        } catch {
            logger.warning("not ready", metadata: ["error": "\(error)"])
            return AttemptPolicy.Failure(error).error?.message ?? "The check was cancelled."
        }
    }
}
