internal import Domain
internal import Logging
internal import MongoStore

/// The first work item of a job: check what the version asks for, and queue its tasks. May be repeated from any point.
struct DatasetPlanStep: Sendable {
    let job: DatasetJob
    let item: WorkItem
    let context: BuildContext

    func run() async throws {
        let database = self.context.database
        guard try await !database.workItems.hasOtherWorkers(onSubjectOf: self.job) else { throw WorkFailure.notYet }
        guard try await database.jobs.start(self.job) else { throw WorkFailure.leaseLost }
        let version = try await self.context.version(self.job.versionId)
        let splitUnit = self.job.request.splitUnit
        let trainingName = try await self.context.trainingName(of: version, splitUnit: splitUnit)
        // Throws for what cannot be made, before anything is.
        _ = try await self.context.plan(of: version, splitUnit: splitUnit, trainingName: trainingName)
        if version.hasBoxAugmentations {
            self.context.logger.warning(
                "BOUNDING_BOX_LEVEL augmentations are ignored", metadata: ["version": "\(version.id)"])
        }
        guard let status = try await database.datasets.status(of: version.id) else { throw WorkFailure.versionGone }
        let formats = status.wantedFormats(with: self.job.request)
        try await database.datasets.introduce([.yolo] + formats.filter { $0 != .yolo }, of: self.job)
        // What is complete stays so until a task turns out to have work.
        if status.state != DatasetStatus.complete || status.tasks.map(\.id) != version.taskIds {
            guard try await database.datasets.begin(self.job, tasks: version.taskIds, formats: [.yolo] + formats)
            else { throw WorkFailure.versionGone }
        }
        let counts = try await database.datasetFrames.counts(ofTasks: version.taskIds, in: version.id)
        let frameCount = counts.values.reduce(0, +)
        let plan = PlanSummary(
            partCount: version.taskIds.count, frameCount: frameCount, sourceFrameCount: frameCount)
        guard try await database.jobs.record(plan, tasks: version.taskIds, trainingName: trainingName, of: self.job)
        else {
            throw WorkFailure.leaseLost
        }
        try await database.workItems.insert(plan, of: self.job, after: self.item)
        guard try await database.workItems.complete(self.item, framesDone: 0) else { throw WorkFailure.leaseLost }
    }
}

extension DatasetStatus {
    /// The archives that the version has or is to get.
    func wantedFormats(with request: DatasetRequest) -> [DatasetFormat] {
        DatasetFormat.allCases.filter { self.formats.contains($0) || request.formats.contains($0) }
    }
}
