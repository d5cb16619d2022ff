internal import Domain
package import Logging
package import MongoStore

/// The warm start of datasets: versions that somebody asked for and that are not complete.
package struct PendingDatasets: Sendable {
    private let intake: DatasetIntake
    private let database: AnnotationDatabase
    private let logger: Logger

    package init(intake: DatasetIntake, database: AnnotationDatabase, logger: Logger) {
        self.intake = intake
        self.database = database
        self.logger = logger
    }

    /// Makes a job for each pending version that has none, once; waits for the database while it is away.
    package func takeUp() async {
        while !Task.isCancelled {
            do {
                for id in try await self.database.datasets.pending() { try await self.takeUp(id) }
                return
            } catch {
                self.logger.warning("pending datasets wait", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(2))  // The only error is cancellation, which the loop notices.
            }
        }
    }

    /// A version that cannot be built does not stop the others.
    private func takeUp(_ id: ObjectID) async throws {
        do {
            let job = try await self.intake.start(id)
            self.logger.notice("pending dataset taken up", metadata: ["version": "\(id)", "job": "\(job.id)"])
        } catch let rejection as DatasetIntake.Rejection {
            self.logger.error("pending dataset not taken up", metadata: ["version": "\(id)", "error": "\(rejection)"])
        }
    }
}
