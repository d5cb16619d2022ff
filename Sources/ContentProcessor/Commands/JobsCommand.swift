import Domain
import ArgumentParser
import Bootstrap
import FoundationEssentials
import MongoStore

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List jobs, the newest first, with how far they are and what holds them up.")

    @OptionGroup var configuration: ConfigurationOption

    @Option(help: "Only jobs in this state: \(JobState.allCases.map(\.rawValue).joined(separator: ", ")).")
    var state: JobState?

    @Option(help: "How many, at most.")
    var limit = 50

    @Flag(help: "Print JSON, as GET /api/jobs answers.")
    var json = false

    func validate() throws { guard self.limit > 0 else { throw ValidationError("--limit must be at least 1.") } }

    func run() async throws {
        let dependencies = try ServiceDependencies(configuration: try self.configuration.load(), role: "jobs")
        let views = try await ErrorLine.ending {
            try await dependencies.database.newestJobs(JobFilter(state: self.state), limit: self.limit)
                .map { JobView($0, links: JobLinks($0.job.id)) }
        }
        if self.json {
            print(String(decoding: try JSONEncoder.forRecords.encode(views), as: UTF8.self))
        } else {
            print(JobTable(views, now: Date()).text)
        }
    }
}

extension JobState: ExpressibleByArgument {}

/// A line for each job.
struct JobTable {
    let text: String

    init(_ jobs: [JobView], now: Date) {
        let header = ["JOB", "STATE", "DONE", "AGE", "LEFT", "NOTE"]
        let rows = [header] + jobs.map { Self.row($0, now: now) }
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        self.text = rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    private static func row(_ job: JobView, now: Date) -> [String] {
        let age = Int(now.timeIntervalSince(job.dates.created))
        return [
            "\(job.id)", job.state.rawValue, "\(job.progress)%", ClipTask.durationText(seconds: age),
            job.secondsLeft.map(ClipTask.durationText) ?? "", Self.note(on: job, now: now),
        ]
    }

    private static func note(on job: JobView, now: Date) -> String {
        if let error = job.error { return "\(error.code): \(error.message)" }
        guard let error = job.lastError else { return "" }
        let since = job.failingSince.map { " for \(ClipTask.durationText(seconds: Int(now.timeIntervalSince($0))))" }
        return "fails\(since ?? ""): \(error.message)"
    }
}
