internal import Annotation
internal import FoundationEssentials
internal import FrameKit
internal import Logging
internal import MongoStore

/// Makes the objects of one task's frames, and tells the version what became of the task.
///
/// Does only what is missing: frames whose record fits the description and whose objects are there are left alone. A
/// task that cannot be done is recorded with its reason and does not stop the others.
struct TaskStep: Sendable {
    let job: DatasetJob
    let unit: JobUnit
    let index: Int
    let context: BuildContext

    func run(counting counter: FrameCounter) async throws {
        let plan = try await self.context.plan(of: self.job)
        guard let taskId = self.job.taskIds.map({ $0[self.index] }) else { throw UnitFailure.leaseLost }
        let outcome: TaskOutcome
        do {
            let build = TaskBuild(task: taskId, plan: plan, job: self.job, unit: self.unit, context: self.context)
            outcome = try await build.run(counting: counter)
        } catch {
            guard let reason = self.reason(of: error) else { throw error }
            outcome = TaskOutcome(failed: taskId, reason)
            self.context.logger.error("task not built", metadata: ["task": "\(taskId)", "error": "\(reason)"])
        }
        let database = self.context.database
        if outcome.error != nil { try await database.datasets.reopen(taskId, of: self.job) }
        try await database.datasets.record(outcome, of: self.job)
        guard try await database.units.complete(self.unit, framesDone: counter.frames) else {
            throw UnitFailure.leaseLost
        }
    }

    /// One sentence when the task is at fault, or has been tried often enough; `nil` when another attempt is due.
    private func reason(of error: any Error) -> String? {
        let isLastAttempt = self.unit.attempts + 1 >= self.context.settings.attemptLimit
        switch error {
        case let error as BrokenTask: return error.reason
        case let error as MediaError:
            switch error.code {
            case .inaccessible, .unreadable, .limitExceeded: return error.message
            case .sourceChanged, .cancelled, .noSpace: return nil
            case .outOfMemory, .inputOutput, .encoderFailure: return isLastAttempt ? error.message : nil
            }
        case let error as BlobError:
            switch error.code {
            case .unavailable, .denied, .full: return nil
            case .unreadable, .refused: return isLastAttempt ? error.description : nil
            }
        default: return nil
        }
    }
}

/// A task that no attempt can build: one sentence for a person.
struct BrokenTask: Error {
    let reason: String
}
