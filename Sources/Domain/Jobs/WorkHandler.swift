internal import Synchronization

/// Does the work items of one kind of job. The program joins handlers with the queue.
///
/// Thread rule: a worker calls ``handle(_:of:counting:)`` for one work item at a time, and ``report(on:of:framesDone:)``
/// while it runs.
package protocol WorkHandler: Sendable {
    /// Does the work, makes its result visible under the item's fence and completes the item.
    ///
    /// It can be repeated from any point, and ends soon after its task is cancelled.
    ///
    /// - Parameters:
    ///   - job: as it was when the work item was taken.
    ///   - counter: raised as frames get done.
    /// - Throws: ``WorkFailure``, or an error of the modules that it uses; both decide on another attempt.
    func handle(_ item: WorkItem, of job: JobHeader, counting counter: FrameCounter) async throws

    /// Shows the job's progress to its subject; called about once a second while a work item is at work.
    ///
    /// - Parameter framesDone: of this work item.
    /// - Throws: ``WorkFailure`` when there is nothing left to work for, which ends the work item.
    func report(on item: WorkItem, of job: JobHeader, framesDone: Int) async throws

    /// Completes an item as failed after its last attempt, if the job can do without its result.
    ///
    /// - Parameter error: how the last attempt ended.
    /// - Returns: `false` when the job cannot, and nothing was done.
    func skip(_ item: WorkItem, of job: JobHeader, because error: JobError) async throws -> Bool

    /// Closes what is kept open for a job whose work item failed.
    func releaseResources(job: ObjectID)
}

/// Frames done by the running work item: written by the thread that makes them, read by the lease's keeper.
package final class FrameCounter: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    package var frames: Int { self.count.load(ordering: .relaxed) }

    package func set(_ frames: Int) { self.count.store(frames, ordering: .relaxed) }
}
