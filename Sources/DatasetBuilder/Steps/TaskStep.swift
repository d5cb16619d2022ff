internal import Domain
internal import FoundationEssentials
internal import Failures
internal import FrameKit
internal import Logging
internal import MongoStore

/// Makes the objects of one task's frames, and tells the version what became of the task.
///
/// Does only what is missing: frames whose record fits the description and whose objects are there are left alone. A
/// task that cannot be done is recorded with its reason and does not stop the others.
struct TaskStep: Sendable {
    let job: DatasetJob
    let item: WorkItem
    let index: Int
    let context: BuildContext

    func run(counting counter: FrameCounter) async throws {
        let plan = try await self.context.planForTasks(of: self.job)
        let task = try self.task()
        do {
            let build = TaskBuild(task: task, plan: plan, job: self.job, item: self.item, context: self.context)
            try await self.record(try await build.run(counting: counter), framesDone: counter.frames)
        } catch {
            guard let reason = Self.fault(in: error) else { throw error }
            try await self.skip(because: reason)
        }
    }

    /// Records that the task cannot be built, and completes the work item.
    func skip(because reason: String) async throws {
        let task = try self.task()
        self.context.logger.error("task not built", metadata: ["task": "\(task)", "error": "\(reason)"])
        try await self.context.database.datasets.reopen(task, of: self.job)
        try await self.record(TaskOutcome(failed: task, reason), framesDone: 0)
    }

    /// - Throws: ``WorkFailure`` for an index that an earlier run of the job queued, when the version had more tasks.
    private func task() throws(WorkFailure) -> ObjectID {
        guard let tasks = self.job.taskIds, tasks.indices.contains(self.index) else {
            throw .permanent(409, "The version lost tasks while it was built; build it again.")
        }
        return tasks[self.index]
    }

    private func record(_ outcome: TaskOutcome, framesDone: Int) async throws {
        try await self.context.database.datasets.record(outcome, of: self.job)
        let counts = try await self.context.database.complete(self.item, of: self.job, framesDone: framesDone)
        guard counts != nil else { throw WorkFailure.leaseLost }
    }

    /// One sentence when the task itself is at fault; `nil` when another attempt may help.
    private static func fault(in error: any Error) -> String? {
        switch error {
        case let error as BrokenTask: error.reason
        // The clip changed while it was read: its task was made anew.
        case let error as MediaError where error.code == .sourceChanged: nil
        case let error as MediaError:
            if case .permanent(let fault) = AttemptPolicy.Failure(error) { fault.message } else { nil }
        default: nil
        }
    }
}

/// A task that no attempt can build: one sentence for a person.
struct BrokenTask: Error {
    let reason: String
}
