internal import Annotation
internal import MongoStore

/// Renews a unit's lease while the unit is worked on, and reports the frames done.
///
/// It never returns: it throws ``UnitFailure/leaseLost`` as soon as the lease is known to be gone, also when the
/// database has been away for as long as the lease lasts, and ``UnitFailure/uploadGone`` when there is nothing left to
/// work for. Looking every second lets a cancelled job stop within two.
struct LeaseKeeper: Sendable {
    let unit: JobUnit
    let job: ProcessingJob
    let counter: FrameCounter
    let worker: Worker

    func run() async throws {
        let clock = ContinuousClock()
        let lease = self.worker.settings.lease
        var lastRenewal = clock.now
        while true {
            try await Task.sleep(for: min(.seconds(1), lease / 4))
            do {
                try await self.renew()
                lastRenewal = clock.now
            } catch is StoreError {
                // A short absence of the database does no harm while the lease lasts.
                guard clock.now - lastRenewal < lease else { throw UnitFailure.leaseLost }
            }
        }
    }

    private func renew() async throws {
        let database = self.worker.database
        let isHeld = try await database.units.renew(
            self.unit, lease: self.worker.settings.lease, framesDone: self.counter.frames)
        guard isHeld else { throw UnitFailure.leaseLost }
        guard self.unit.kind == .clip else { return }
        guard try await database.reportProgress(of: self.job, finishedClip: false) else {
            throw UnitFailure.uploadGone
        }
    }
}
