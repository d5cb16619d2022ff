package import Domain
internal import Synchronization

/// The planned job that a worker was at last, so that its lists of up to 50,000 images or tasks are not read again for
/// each part.
///
/// What parts need of a job's document does not change once the job is planned, as long as the job's fence stays.
///
/// Thread rule: used by one worker, whose work items follow each other; ``forget(_:)`` from any thread.
package final class PlannedJobCache<Job: QueuedJob>: Sendable {
    private let last = Mutex<Job?>(nil)

    package init() {}

    /// The job whose work item was taken: the cached one, or what `read` finds.
    package func job(
        of header: JobHeader, for item: WorkItem, read: (ObjectID) async throws(StoreError) -> Job?
    ) async throws(StoreError) -> Job? {
        if item.kind != .plan, let job = self.last.withLock({ $0 }), job.id == header.id, job.fence == header.fence {
            return job
        }
        let job = try await read(header.id)
        self.last.withLock { $0 = job?.plan == nil ? nil : job }
        return job
    }

    package func forget(_ job: ObjectID) {
        self.last.withLock { if $0?.id == job { $0 = nil } }
    }
}
