package import Annotation
package import Logging
package import MongoStore

/// What a build would make, found out without writing anything: `--dry-run`.
package struct Forecast: Sendable {
    private let context: BuildContext

    package init(database: AnnotationDatabase, store: any BlobStore, settings: DatasetSettings, logger: Logger) {
        self.context = BuildContext(database: database, store: store, settings: settings, logger: logger)
    }

    package struct Report: Codable, Hashable, Sendable {
        package let version: String
        package let classes: [String]
        package fileprivate(set) var tasks = 0
        package fileprivate(set) var frames = 0
        package fileprivate(set) var augmentedImages = 0
        package fileprivate(set) var boxes = 0
        package fileprivate(set) var framesWithoutBoxes = 0
        /// Boxes that fit no class.
        package fileprivate(set) var unknownBoxes = 0
        /// Frames of each split, by its name.
        package fileprivate(set) var splits: [String: Int] = [:]
        /// One sentence for each task that cannot be built.
        package fileprivate(set) var problems: [String] = []
    }

    /// - Throws: `WorkFailure` for an unknown version or an augmentation that cannot be followed, `StoreError`.
    package func run(_ id: ObjectID, splitUnit: SplitUnit) async throws -> Report {
        let plan = try await self.context.plan(of: id, splitUnit: splitUnit)
        var report = Report(version: plan.version.number, classes: plan.classes.names)
        for taskId in plan.version.taskIds {
            let frames = try await self.context.database.datasetFrames.frames(ofTask: taskId, in: id)
            do {
                guard let task = try await self.context.database.datasetFrames.task(taskId) else {
                    throw BrokenTask(reason: "The task \(taskId) does not exist.")
                }
                let canvas = try task.canvas(for: frames)
                for frame in plan.frames(of: task, frames, canvas: canvas) { report.add(frame) }
            } catch let error as BrokenTask {
                report.problems.append(error.reason)
            }
            report.tasks += 1
        }
        return report
    }
}

extension Forecast.Report {
    fileprivate mutating func add(_ plan: FramePlan) {
        self.frames += 1
        self.augmentedImages += plan.changed.count
        self.boxes += plan.image.boxes.count
        self.framesWithoutBoxes += plan.image.boxes.isEmpty ? 1 : 0
        self.unknownBoxes += plan.image.labels.unknownCount
        self.splits[plan.image.split.name, default: 0] += 1
    }
}
