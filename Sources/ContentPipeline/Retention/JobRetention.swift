internal import Domain
internal import FoundationEssentials
internal import MongoStore

/// Documents of jobs that ended long ago, and copies of tasks whose replacement they had begun.
///
/// What owns objects (`ContentObject`) stays, and so does what datasets are made of.
struct JobRetention: Sendable {
    let database: AnnotationDatabase
    let cutoff: Date
    /// Where sources are removed, too, a job stays until its source is gone, since nothing else names it.
    let sources: SourceRetention?

    /// Jobs that are read at a time.
    private static let pageSize = 500

    func steps() async throws(StoreError) -> [RetentionStep] {
        var steps: [RetentionStep] = []
        var seen: Set<ObjectID> = []
        var last: ObjectID?
        repeat {
            let page = try await self.database.retention.endedSubjects(
                before: self.cutoff, after: last, limit: Self.pageSize)
            for subject in page.subjects where seen.insert(subject.id).inserted {
                if let step = self.step(for: subject) { steps.append(step) }
            }
            last = page.next
        } while last != nil
        return steps + (try await self.copySteps())
    }

    private func step(for subject: RetentionRecords.Subject) -> RetentionStep? {
        let count = self.forgettable(subject).count
        guard count > 0 else { return nil }
        return RetentionStep(description: "\(subject): \(Wording.count(count, "job")) ended long ago; forgotten") {
            let present = try await self.database.retention.again(subject)
            for run in self.forgettable(present) {
                // Their order matters: after one that stays, the others stay, too.
                guard try await self.remove(run) else { return false }
            }
            return true
        }
    }

    private func forgettable(_ subject: RetentionRecords.Subject) -> [RunHistory.Run] {
        subject.history.forgettable(before: self.cutoff, isComplete: subject.isComplete)
    }

    private func remove(_ run: RunHistory.Run) async throws(StoreError) -> Bool {
        if try await self.sources?.isThere(ofRun: run.id) == true { return false }
        return try await self.database.retention.remove(run.id)
    }

    private func copySteps() async throws(StoreError) -> [RetentionStep] {
        var steps: [RetentionStep] = []
        for upload in try await self.database.retention.uploadsWithCopies()
        where try await self.database.retention.isIdle(upload: upload, since: self.cutoff) {
            let line = "copies of replaced tasks of upload \(upload): tasks are made whole, copies of others go"
            steps.append(
                RetentionStep(description: line) {
                    guard try await self.database.retention.isIdle(upload: upload, since: self.cutoff) else {
                        return false
                    }
                    try await self.database.replacedTasks.restoreAll(ofUpload: upload)
                    return true
                })
        }
        return steps
    }
}
