package import Domain
package import MongoDriver

/// Jobs as people see them, in three reads for any number of jobs.
extension AnnotationDatabase {
    /// A job of any kind; `nil` when there is none.
    package func snapshot(of job: ObjectID) async throws(StoreError) -> JobSnapshot? {
        try await self.snapshots(of: [job])[job]
    }

    /// By id; without those that do not exist.
    package func snapshots(of jobs: [ObjectID]) async throws(StoreError) -> [ObjectID: JobSnapshot] {
        let snapshots = try await self.snapshots(try await self.jobs.headers(of: jobs))
        return Dictionary(snapshots.map { ($0.job.id, $0) }) { $1 }
    }

    /// The newest jobs that a filter lets through, the newest first.
    ///
    /// - Parameter last: the last job of the page before; `nil` for the first page.
    package func newestJobs(
        _ which: JobFilter, after last: ObjectID? = nil, limit: Int
    ) async throws(StoreError) -> [JobSnapshot] {
        try await self.snapshots(try await self.jobs.newest(which, after: last, limit: limit))
    }

    private func snapshots(_ jobs: [JobHeader]) async throws(StoreError) -> [JobSnapshot] {
        let progress = try await self.workItems.progress(of: jobs)
        let stalls = try await self.workItems.stalls(of: jobs)
        return jobs.compactMap { job in
            progress[job.id].map { JobSnapshot(job: job, progress: $0, stall: stalls[job.id]) }
        }
    }
}
