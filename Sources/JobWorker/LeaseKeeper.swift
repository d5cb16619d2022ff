internal import Domain
internal import MongoStore

/// Renews a work item's lease while the work item is worked on, reports the frames done, and grants processor time for
/// more.
///
/// It never returns: it throws ``WorkFailure/leaseLost`` as soon as the lease is known to be gone, also when the
/// database has been away for as long as the lease lasts, and whatever the handler's report throws. Looking every
/// second lets a cancelled job stop within two.
struct LeaseKeeper: Sendable {
    let item: WorkItem
    let job: JobHeader
    let handler: any WorkHandler
    let counter: FrameCounter
    let queue: WorkQueue
    let lease: Duration
    let processorTime: ProcessorTimeLimit

    func run() async throws {
        var framesBefore = 0
        let clock = ContinuousClock()
        var lastRenewal = clock.now
        while true {
            try await Task.sleep(for: min(.seconds(1), self.lease / 4))
            do {
                let frames = self.counter.frames
                if frames > framesBefore { self.processorTime.restart() }
                framesBefore = frames
                guard try await self.queue.renew(self.item, lease: self.lease, framesDone: frames) else {
                    throw WorkFailure.leaseLost
                }
                lastRenewal = clock.now
                try await self.handler.report(on: self.item, of: self.job, framesDone: frames)
            } catch is StoreError {
                // A short absence of the database does no harm while the lease lasts.
                guard clock.now - lastRenewal < self.lease else { throw WorkFailure.leaseLost }
            }
        }
    }
}
