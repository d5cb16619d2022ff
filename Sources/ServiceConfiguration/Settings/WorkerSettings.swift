/// `[Cores]`: what of the machine is used.
package struct CoreSettings: Hashable, Sendable {
    /// `nil` uses all that the process may.
    package let cpuCoreCount: Int?

    init(_ values: SectionValues<CoreKeys>) throws(ConfigurationError) {
        self.cpuCoreCount = try values.cpuCores
    }
}

/// `[Worker]`: limits of the processes that decode.
package struct WorkerSettings: Hashable, Sendable {
    /// How long a worker holds a clip without renewing.
    package let lease: Duration
    /// Resident memory of one worker process.
    package let memoryLimitByteCount: Int
    /// How often a clip may crash its worker before the job is quarantined.
    package let attempts: Int
    /// As nice(2) has it: 0 competes with other programs, 19 takes what they leave.
    package let niceness: Int

    init(_ values: SectionValues<WorkerKeys>) throws(ConfigurationError) {
        self.lease = .seconds(try values.leaseSeconds)
        self.memoryLimitByteCount = try values.memoryLimitMB << 20
        self.attempts = try values.attempts
        self.niceness = try values.niceness
    }
}

/// `[Log]`: what the log says and how.
package struct LogSettings: Hashable, Sendable {
    package enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    package enum Level: String, CaseIterable, Sendable {
        case debug, info, notice, warning, error
    }

    package let format: Format
    package let level: Level

    init(_ values: SectionValues<LogKeys>) throws(ConfigurationError) {
        self.format = try values.format
        self.level = try values.level
    }
}

/// `[Retention]`: the age at which things are removed; `nil` keeps them.
package struct RetentionSettings: Hashable, Sendable {
    package let sourceVideos: Duration?
    package let workFiles: Duration?
    package let finishedJobs: Duration?

    init(_ values: SectionValues<RetentionKeys>) throws(ConfigurationError) {
        self.sourceVideos = try values.sourceVideoDays.map(Self.days)
        self.workFiles = try values.workFileDays.map(Self.days)
        self.finishedJobs = try values.finishedJobDays.map(Self.days)
    }

    private static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
