import Domain
import Bootstrap
import DatasetBuilder
import FoundationEssentials

/// What the command prints at its end: lines for a person, or one JSON object for a program.
enum Report {
    private struct BuildReport: Encodable {
        let version: ObjectID
        let job: ObjectID
        let state: JobState
        let tasks: Int
        let frames: Int
        let seconds: Int
        /// Boxes that fit no class.
        let unknownBoxes: Int
        /// All boxes that are in no label file, by kind.
        let droppedBoxes: DroppedBoxes
        let problems: [String]
        let failures: [String]
        let exported: [String: Int]?
    }

    static func print(_ result: VersionBuild.Result, exported: [String: Int], asJSON: Bool) throws {
        let (job, plan) = (result.job, result.job.plan)
        let seconds = Int(result.duration.components.seconds)
        guard !asJSON else {
            return try self.printJSON(
                BuildReport(
                    version: job.versionId, job: job.id, state: job.state, tasks: plan?.partCount ?? 0,
                    frames: plan?.frameCount ?? 0, seconds: seconds,
                    unknownBoxes: result.droppedBoxes.unknownClass, droppedBoxes: result.droppedBoxes,
                    problems: result.problems, failures: result.failures,
                    exported: exported.isEmpty ? nil : exported))
        }
        let word = result.isComplete ? "complete" : job.state.rawValue
        Swift.print(
            "\(job.versionId): \(word), \(plan?.frameCount ?? 0) frames of \(plan?.partCount ?? 0) tasks in \(seconds) s"
        )
        for sentence in result.droppedBoxes.sentences + result.problems { Swift.print(sentence) }
        for (format, count) in exported.sorted(by: { $0.key < $1.key }) { Swift.print("\(format): \(count) pictures") }
    }

    static func print(_ report: Forecast.Report, asJSON: Bool) throws {
        guard !asJSON else { return try self.printJSON(report) }
        Swift.print(
            "version \(report.version): \(report.frames) frames of \(report.tasks) tasks, \(report.boxes) boxes, "
                + "\(report.framesWithoutBoxes) frames without boxes, \(report.augmentedImages) augmented pictures")
        let splits = report.splits.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        Swift.print("splits: \(splits.joined(separator: ", "))")
        Swift.print("classes: \(report.classes.joined(separator: ", "))")
        for sentence in report.droppedBoxes.sentences { Swift.print(sentence) }
        for problem in report.problems { StandardError.write(problem) }
    }

    static func print(_ report: StoreComparison.Report, asJSON: Bool) throws {
        guard !asJSON else { return try self.printJSON(report) }
        for key in report.missing { Swift.print("missing: \(key)") }
        for key in report.changed { Swift.print("changed: \(key)") }
        for key in report.surplus { Swift.print("surplus: \(key)") }
        Swift.print("\(report.matching) objects are as the manifest says")
    }

    private static func printJSON(_ report: some Encodable) throws {
        Swift.print(String(decoding: try JSONEncoder.forRecords.encode(report), as: UTF8.self))
    }
}
