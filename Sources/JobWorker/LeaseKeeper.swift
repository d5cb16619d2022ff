internal import Annotation
internal import MongoStore

/// Renews a unit's lease while the unit is worked on, reports the frames done, and grants processor time for more.
///
/// It never returns: it throws ``UnitFailure/leaseLost`` as soon as the lease is known to be gone, also when the
/// database has been away for as long as the lease lasts, and whatever the performer's report throws. Looking every
/// second lets a cancelled job stop within two.
struct LeaseKeeper: Sendable {
    let unit: JobUnit
    let performer: any UnitPerformer
    let counter: FrameCounter
    let queue: UnitQueue
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
                guard try await self.queue.renew(self.unit, lease: self.lease, framesDone: frames) else {
                    throw UnitFailure.leaseLost
                }
                lastRenewal = clock.now
                try await self.performer.report(on: self.unit)
            } catch is StoreError {
                // A short absence of the database does no harm while the lease lasts.
                guard clock.now - lastRenewal < self.lease else { throw UnitFailure.leaseLost }
            }
        }
    }
}
