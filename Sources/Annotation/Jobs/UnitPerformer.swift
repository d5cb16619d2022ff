internal import Synchronization

/// Does the units of one kind of job. The program joins performers with the queue.
///
/// Thread rule: a worker calls ``perform(_:counting:)`` for one unit at a time, and ``report(on:)`` while it runs.
package protocol UnitPerformer: Sendable {
    /// Does the unit's work, makes it visible under the unit's fence and completes the unit.
    ///
    /// Must bear to be repeated from any point, and end soon after its task is cancelled.
    ///
    /// - Parameter counter: raised as frames get done.
    /// - Throws: ``UnitFailure``, or an error of the modules that it uses; both decide on another attempt.
    func perform(_ unit: JobUnit, counting counter: FrameCounter) async throws

    /// Shows the job's progress to its subject; called about once a second while a unit is at work.
    ///
    /// - Throws: ``UnitFailure`` when there is nothing left to work for, which ends the unit.
    func report(on unit: JobUnit) async throws

    /// Completes a unit that has been tried often enough as failed, if its job can do without that unit's work.
    ///
    /// - Parameter error: how the last attempt ended.
    /// - Returns: `false` when the job cannot, and nothing was done.
    func giveUp(_ unit: JobUnit, because error: JobError) async throws -> Bool

    /// Lets go of what is kept open for a job whose unit failed.
    func forget(job: ObjectID)
}

/// Frames done by the running unit: written by the thread that makes them, read by the lease's keeper.
package final class FrameCounter: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    package var frames: Int { self.count.load(ordering: .relaxed) }

    package func set(_ frames: Int) { self.count.store(frames, ordering: .relaxed) }
}
