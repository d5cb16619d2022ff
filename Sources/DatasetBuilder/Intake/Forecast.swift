package import Domain
package import Logging
package import MongoStore
package import ObjectStore

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
        /// All boxes that get into no label file, by kind.
        package fileprivate(set) var droppedBoxes = DroppedBoxes()
        /// Frames of each split, by its name.
        package fileprivate(set) var splits: [String: Int] = [:]
        /// One sentence for each task that cannot be built, then one for each share of the splits that is not kept.
        package fileprivate(set) var problems: [String] = []
        /// Whether every task can be built.
        package fileprivate(set) var isBuildable = true
    }

    /// - Throws: `WorkFailure` for an unknown version or an augmentation that cannot be followed, `StoreError`.
    package func run(_ id: ObjectID, splitUnit: SplitUnit) async throws -> Report {
        let version = try await self.context.version(id)
        let trainingName = try await self.context.trainingName(of: version, splitUnit: splitUnit)
        let plan = try await self.context.plan(of: version, splitUnit: splitUnit, trainingName: trainingName)
        var splits = SplitReport()
        var report = Report(version: plan.version.number, classes: plan.classes.names)
        for taskId in plan.version.taskIds {
            let frames = try await self.context.database.datasetFrames.frames(ofTask: taskId, in: id)
            do {
                guard let task = try await self.context.database.datasetFrames.task(taskId) else {
                    throw BrokenTask(reason: "The task \(taskId) does not exist.")
                }
                let canvas = try task.canvas(for: frames)
                for frame in plan.frames(of: task, frames, canvas: canvas) {
                    report.add(frame)
                    splits.add(to: frame.image.split)
                }
            } catch let error as BrokenTask {
                report.problems.append(error.reason)
                report.isBuildable = false
            }
            report.tasks += 1
        }
        report.problems += splits.problems(shares: version.splitShares, unit: splitUnit)
        return report
    }
}

extension Forecast.Report {
    fileprivate mutating func add(_ plan: FramePlan) {
        self.frames += 1
        self.augmentedImages += plan.changed.count
        self.boxes += plan.image.boxes.count
        self.framesWithoutBoxes += plan.image.boxes.isEmpty ? 1 : 0
        self.unknownBoxes += plan.image.labels.dropped.unknownClass
        self.droppedBoxes += plan.droppedBoxes
        self.splits[plan.image.split.name, default: 0] += 1
    }
}
