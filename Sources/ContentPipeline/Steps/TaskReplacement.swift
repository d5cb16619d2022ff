internal import Domain
internal import MongoStore

/// Removes the tasks of older runs before a new run publishes its own.
///
/// One task at a time, each with its frames, and only while nobody has worked on it. Copies are kept until a task is
/// gone, so that a task whose frames a person saved in between becomes whole again, also after a crash.
struct TaskReplacement: Sendable {
    let job: ProcessingJob
    let context: WorkContext

    func run() async throws {
        let database = self.context.database
        let discardsHumanWork = self.context.settings.content.forceWriteDiscardsHumanWork
        for task in try await database.tasks.older(than: self.job) {
            try await database.objects.claim(task.objectKey, for: self.job.uploadId)
            let isGone = try await database.replacedTasks.remove(task.id, sparingHumanWork: !discardsHumanWork)
            guard isGone else {
                throw WorkFailure.permanent(
                    409, "People worked on task \(task.name) while it was to be replaced; it was left as it is.")
            }
        }
    }
}
