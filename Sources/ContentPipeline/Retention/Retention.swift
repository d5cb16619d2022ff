internal import Domain
internal import FoundationEssentials
package import Logging
package import MongoStore
package import ObjectStore

/// Removes what `[Retention]` says is old enough: sources, work files and finished jobs. Every step may be repeated,
/// may run on any machine, and looks once more right before it removes anything.
package struct Retention: Sendable {
    private let rules: RetentionRules
    private let database: AnnotationDatabase
    private let settings: PipelineSettings
    private let shared: SharedSources
    private let logger: Logger

    package init(
        rules: RetentionRules, database: AnnotationDatabase, store: any BlobStore, settings: PipelineSettings,
        logger: Logger
    ) {
        self.rules = rules
        self.database = database
        self.settings = settings
        self.shared = SharedSources(store: store, settings: settings)
        self.logger = logger
    }

    /// Time between two sweeps of what the cluster shares.
    private static let interval = Duration.seconds(3600)
    /// Time between two looks at this machine and at the turn.
    private static let pause = Duration.seconds(600)

    /// Sweeps until its task is cancelled: this machine's work files each time, what the cluster shares when it is this
    /// process's turn. Ends at once when everything is kept.
    package func run() async {
        guard !self.rules.keepsEverything else { return }
        while !Task.isCancelled {
            do {
                try await self.perform(try await self.workFileSteps())
                // A machine without the content folder leaves the turn to one that has it.
                if self.rules.sources == nil || self.folder.isHere,
                    try await self.database.retention.takeTurn(for: Self.interval)
                {
                    try await self.perform(try await self.sharedSteps())
                }
            } catch {
                self.logger.warning("retention waits", metadata: ["error": "\(error)"])
            }
            // The only error is cancellation, which the loop notices.
            try? await Task.sleep(for: Self.pause)
        }
    }

    /// Everything that could go now.
    package func steps() async throws -> [RetentionStep] {
        try await self.workFileSteps() + (try await self.sharedSteps())
    }

    /// Does each step; one that fails never stops the others.
    ///
    /// - Returns: how many failed.
    @discardableResult
    package func perform(_ steps: [RetentionStep]) async throws -> Int {
        var failureCount = 0
        for step in steps where !Task.isCancelled {
            do {
                if try await step.action() { self.logger.notice("removed", metadata: ["step": "\(step)"]) }
            } catch {
                if let error = error as? StoreError, error.code == .unavailable { throw error }
                self.logger.error("not removed", metadata: ["step": "\(step)", "error": "\(error)"])
                failureCount += 1
            }
        }
        return failureCount
    }
}

extension Retention {
    private func workFileSteps() async throws -> [RetentionStep] {
        guard let age = self.rules.workFiles else { return [] }
        return try await WorkFileRetention(
            database: self.database, work: self.settings.folders.work, cutoff: try await self.cutoff(age)
        ).steps()
    }

    /// Sources come first: a job stays while its source does.
    private func sharedSteps() async throws -> [RetentionStep] {
        let sources = try await self.sources()
        var steps = try await sources?.steps() ?? []
        // Without the content folder nobody can tell here whether a source is gone.
        if let age = self.rules.jobs, sources == nil || self.folder.isHere {
            steps += try await JobRetention(
                database: self.database, cutoff: try await self.cutoff(age), sources: sources
            ).steps()
        }
        return steps
    }

    /// `nil` when sources are kept.
    private func sources() async throws(StoreError) -> SourceRetention? {
        guard let age = self.rules.sources else { return nil }
        return SourceRetention(
            records: self.database.retention, folder: self.folder, shared: self.shared,
            cutoff: try await self.cutoff(age))
    }

    private var folder: ContentFolder { ContentFolder(settings: self.settings) }

    private func cutoff(_ age: Duration) async throws(StoreError) -> Date {
        try await self.database.retention.now().addingTimeInterval(-Double(age.components.seconds))
    }
}

/// After what time things are removed; `nil` keeps them.
package struct RetentionRules: Hashable, Sendable {
    /// Since an upload is complete, for its source.
    package let sources: Duration?
    /// Since it was last written to, for a work file that nobody uses.
    package let workFiles: Duration?
    /// Since the last job of an upload or dataset version ended, for its documents.
    package let jobs: Duration?

    package init(sources: Duration?, workFiles: Duration?, jobs: Duration?) {
        self.sources = sources
        self.workFiles = workFiles
        self.jobs = jobs
    }

    package var keepsEverything: Bool { self.sources == nil && self.workFiles == nil && self.jobs == nil }
}

/// One thing that is old enough to go.
package struct RetentionStep: Sendable, CustomStringConvertible {
    /// One line for a person.
    package let description: String
    /// Looks once more whether anybody needs it, and removes it; `false` when it stays.
    let action: @Sendable () async throws -> Bool
}
