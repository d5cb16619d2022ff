package import Domain
internal import FoundationEssentials
package import MongoStore

/// Turns the wish for a dataset version into a job.
package struct DatasetIntake: Sendable {
    private let database: AnnotationDatabase
    private let queueLimit: Int

    package init(database: AnnotationDatabase, settings: DatasetSettings) {
        self.database = database
        self.queueLimit = settings.queueLimit
    }

    /// Why no job was made.
    package enum Rejection: Error, Hashable, Sendable, CustomStringConvertible {
        case unknownVersion(ObjectID)
        case queueFull
        /// Too many requests for one version at the same moment.
        case busy

        package var description: String {
            switch self {
            case .unknownVersion(let id): "There is no dataset version \(id)."
            case .queueFull: "The queue is full; try again later."
            case .busy: "Other requests for this version come all the time; try again later."
            }
        }
    }

    /// The job that builds the version: the one that is queued or running, else a new one.
    ///
    /// - Throws: ``Rejection``, or `StoreError`.
    package func start(_ id: ObjectID, _ request: DatasetRequest = DatasetRequest()) async throws -> DatasetJob {
        try await self.database.prepareOnce()
        guard let version = try await self.database.datasets.find(id) else { throw Rejection.unknownVersion(id) }
        // Another request may be faster each time, and its job may end at once; more often than this, something is wrong.
        for _ in 0..<Self.raceLimit {
            let latest = try await self.database.jobs.latest(ofVersion: id)
            if let latest, latest.state.isLive {
                // Whoever recorded the job may have been killed before it was in the queue.
                try await self.database.enqueue(latest)
                return latest
            }
            guard try await self.database.jobs.queuedCount() < self.queueLimit else { throw Rejection.queueFull }
            let now = Date()
            let job = DatasetJob(
                id: DatasetJob.newId(
                    seconds: UInt32(now.timeIntervalSince1970), random: .random(in: .min ... .max)),
                of: version, runNumber: (latest?.runNumber ?? 0) + 1, request: request, createdAt: now)
            guard try await self.database.jobs.insert(job) else { continue }
            try await self.database.enqueue(job)
            return job
        }
        throw Rejection.busy
    }

    /// Lost races for one run number after which the request is rejected.
    private static let raceLimit = 20
}
