import Annotation
import CommandSupport
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
    let meter: WorkMeter
    let logger: Logger

    func run() async throws {
        await withDiscardingTaskGroup { group in
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

    private func report(_ end: WorkerProgram.End, of owner: String) async throws(StoreError) {
        self.logger.error("worker ended", metadata: ["owner": "\(owner)", "end": "\(end)"])
        let lostCount = try await self.database.units.reportCrash(of: owner, error: end.error)
        self.meter.add(Double(lostCount), to: .leaseLosses)
    }
}
