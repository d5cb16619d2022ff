import Domain
import FoundationEssentials

/// What one client is told of a job: what is newer than what it knows, and nothing that goes back.
///
/// A clip that is made again begins at its first frame, so the counts of a job may fall; a feed keeps them where they
/// were until the job is past them.
struct JobFeed {
    private var known: JobRevision?

    /// - Parameter lastEventId: of the client's earlier connection; what is no revision counts as none.
    init(lastEventId: String?) {
        self.known = lastEventId.flatMap(JobRevision.init)
    }

    /// The job as the client may see it; `nil` when that is not news.
    mutating func news(_ snapshot: JobSnapshot) -> (revision: JobRevision, snapshot: JobSnapshot)? {
        // A start that the job has not had is no knowledge of this job.
        if let fence = self.known?.fence, fence > snapshot.job.fence { self.known = nil }
        let snapshot = self.known.map { snapshot.notBefore($0) } ?? snapshot
        let revision = JobRevision(snapshot)
        if let known, revision <= known { return nil }
        self.known = revision
        return (revision, snapshot)
    }
}

extension JobSnapshot {
    /// The same with counts at least as high as the revision's, unless the job was started again since.
    ///
    /// The revision comes from a client, so its counts are believed only as far as the plan goes.
    fileprivate func notBefore(_ revision: JobRevision) -> JobSnapshot {
        guard self.job.fence == revision.fence else { return self }
        let present = self.progress
        let progress = JobProgress(
            partsDone: max(present.partsDone, min(revision.partsDone, present.partCount)),
            partCount: present.partCount,
            framesDone: max(present.framesDone, min(revision.framesDone, present.frameCount)),
            frameCount: present.frameCount)
        return JobSnapshot(job: self.job, progress: progress, stall: self.stall)
    }
}

extension ServerSentEvent {
    /// The job in the form of `GET /api/jobs/{id}`.
    static func job(_ view: JobView, at revision: JobRevision) throws -> ServerSentEvent {
        ServerSentEvent(
            id: revision.description, data: String(decoding: try JSONEncoder.forRecords.encode(view), as: UTF8.self))
    }

    /// The last one: nothing more will come.
    static func end(_ state: JobState) -> ServerSentEvent {
        ServerSentEvent(name: "end", data: #"{"state":"\#(state.rawValue)"}"#)
    }
}
