/// The work items of one job that a worker has done one after the other: it keeps the job's source open for the next.
package struct JobAffinity: Hashable, Sendable {
    package let last: WorkItem
    package let count: Int

    package init(after affinity: JobAffinity? = nil, taking item: WorkItem) {
        self.last = item
        let isSameJob = affinity.map { $0.last.jobId == item.jobId && !$0.isLong } ?? false
        self.count = isSameJob ? (affinity?.count ?? 0) + 1 : 1
    }

    /// Whether the worker looks for waiting jobs before it takes another item of this one.
    package var isLong: Bool { self.count >= VirtualStartTime.partCount }
}
