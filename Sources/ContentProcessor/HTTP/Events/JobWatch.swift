import Domain
import Logging
import MongoStore
import ServiceLifecycle
import Synchronization

/// Reads the watched jobs for all event streams of this process: the same few reads, however many streams there are.
///
/// Jobs change on any machine, and a MongoDB without replicas tells nobody, so they are looked at twice a second. Each
/// stream keeps only the latest look: a client that reads slowly misses what lies between.
final class JobWatch: Service {
    private let database: AnnotationDatabase
    private let streamLimit: Int
    private let logger: Logger
    private let state = Mutex(State())

    /// What one look at a job gives; `nil` while the database does not answer.
    typealias Looks = AsyncStream<JobSnapshot?>

    private struct State {
        var streams: [ObjectID: [Int: Looks.Continuation]] = [:]
        var streamCount = 0
        var nextNumber = 0
        var isStopped = false
    }

    private static let pause = Duration.milliseconds(500)

    init(database: AnnotationDatabase, streamLimit: Int, logger: Logger) {
        self.database = database
        self.streamLimit = streamLimit
        self.logger = logger
    }

    /// Looks until the service stops, and then ends all streams.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.look()
                try? await Task.sleep(for: Self.pause)  // Throws only when the service stops.
            }
        }
        let rest = self.state.withLock { state in
            state.isStopped = true
            return state.streams.values.flatMap(\.values)
        }
        for stream in rest { stream.finish() }
    }

    /// Looks at a job until nobody reads them, the job is gone or the service stops.
    ///
    /// - Throws: ``Problem`` with 503 when too many streams are open.
    func looks(at job: ObjectID) throws(Problem) -> Looks {
        let (looks, stream) = Looks.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = self.state.withLock { state -> Int? in
            guard !state.isStopped, state.streamCount < self.streamLimit else { return nil }
            state.nextNumber += 1
            state.streamCount += 1
            state.streams[job, default: [:]][state.nextNumber] = stream
            return state.nextNumber
        }
        guard let number else {
            throw Problem(
                503, "\(self.streamLimit) event streams are open, which is the limit; ask for the job itself.",
                retryAfter: .seconds(5))
        }
        stream.onTermination = { _ in self.remove(number, of: job) }
        return looks
    }

    /// The job once its subject says how it ended; `nil` when that takes longer than `limit`, or when too many others
    /// watch. All who wait cost the database the same few reads.
    func ended(_ job: ObjectID, within limit: Duration) async -> JobSnapshot? {
        // Without a free stream the preference to wait is not met, which RFC 7240 allows.
        guard limit > .zero, let looks = try? self.looks(at: job) else { return nil }
        return await withTaskGroup(of: JobSnapshot?.self) { group in
            group.addTask { await looks.first { $0?.job.isAnnounced == true } ?? nil }
            group.addTask {
                try? await Task.sleep(for: limit)  // Throws only when the job has ended first.
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func remove(_ number: Int, of job: ObjectID) {
        self.state.withLock { state in
            guard state.streams[job]?.removeValue(forKey: number) != nil else { return }
            state.streamCount -= 1
            if state.streams[job]?.isEmpty == true { state.streams[job] = nil }
        }
    }

    private func look() async {
        let jobs = self.state.withLock { Array($0.streams.keys) }
        guard !jobs.isEmpty else { return }
        let snapshots: [ObjectID: JobSnapshot]?
        do {
            snapshots = try await self.database.snapshots(of: jobs)
        } catch {
            self.logger.debug("cannot look at the watched jobs", metadata: ["error": "\(error)"])
            snapshots = nil
        }
        // Outside the lock: a stream that ends comes back to `remove`.
        let streams = self.state.withLock { $0.streams }
        for job in jobs {
            for stream in (streams[job] ?? [:]).values {
                if let snapshots, snapshots[job] == nil { stream.finish() } else { stream.yield(snapshots?[job]) }
            }
        }
    }
}
