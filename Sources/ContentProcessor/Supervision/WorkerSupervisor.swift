import Domain
import Bootstrap
import Logging
import MongoStore
import ServiceLifecycle

/// Keeps the worker processes of this machine running.
///
/// Media is decoded only there: what a damaged file does to a decoder costs one process and one attempt, never the
/// service. A worker that ends is replaced, and what it held goes back to the queue at once.
struct WorkerSupervisor: Service {
    let workerCount: Int
    let program: WorkerProgram
    let database: AnnotationDatabase
    /// Where workers keep their locks.
    let workFolder: String
    let meter: WorkMeter
    let logger: Logger

    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask {
                await cancelWhenGracefulShutdown { await self.endLeasesOfEndedWorkers() }
            }
            for _ in 0..<self.workerCount {
                group.addTask { await self.keepWorkerRunning() }
            }
        }
    }

    private func keepWorkerRunning() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let owner = WorkerName.make()
            do {
                let end = try await self.program.run(as: owner)
                self.meter.add(to: .workerEnds, end.reason)
                if end != .finished { try await self.report(end, of: owner) }
            } catch {
                self.logger.error("a worker's end could not be handled", metadata: ["error": "\(error)"])
            }
            // A worker that cannot start would otherwise be started without pause.
            try? await Task.sleep(for: .milliseconds(500))  // The only error is cancellation, which the loop notices.
        }
    }

    /// Puts back what workers of this machine held that have ended without a report, such as those that were killed
    /// together with their supervisor. Their leases would end by themselves, but later.
    ///
    /// Looks again and again: a worker may outlive its supervisor, and this start, by a moment.
    private func endLeasesOfEndedWorkers() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            var pause = Duration.seconds(5)
            do {
                for worker in await WorkerLock.endedOwners(in: self.workFolder) {
                    let count = try await self.database.workItems.reportCrash(of: worker.owner, error: nil)
                    self.meter.add(Double(count), to: .leaseLosses)
                    worker.removeFile()
                }
            } catch {
                self.logger.warning("leases of ended workers wait for the database", metadata: ["error": "\(error)"])
                pause = .milliseconds(500)
            }
            // The only error is cancellation, which the loop notices.
            try? await Task.sleep(for: pause)
        }
    }

    private func report(_ end: WorkerProgram.End, of owner: String) async throws(StoreError) {
        self.logger.error("worker ended", metadata: ["owner": "\(owner)", "end": "\(end)"])
        let lostCount = try await self.database.workItems.reportCrash(of: owner, error: end.error)
        self.meter.add(Double(lostCount), to: .leaseLosses)
    }
}
