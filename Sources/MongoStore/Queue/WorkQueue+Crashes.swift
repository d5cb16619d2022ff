package import Domain
package import MongoDriver

/// What a supervisor reports of a worker process that is gone.
extension WorkQueue {
    /// Puts the work items of a worker that ended without settling them back into the queue at once.
    ///
    /// - Parameter error: what happened to the process, when that speaks against the work item, such as SIGSEGV; it
    ///   counts as a failed attempt. `nil` counts as a lost worker: killed from outside.
    /// - Returns: how many work items the worker held.
    @discardableResult
    package func reportCrash(of owner: String, error: JobError?) async throws(StoreError) -> Int {
        var fields: BSONDocument = [
            "state": .waiting, "lease": ["until": "$$NOW"], "fence": ["$add": ["$fence", 1]],
        ]
        if let error {
            fields["attempts"] = ["$add": ["$attempts", 1]]
            fields = fields.merging(try Self.stall(error))
        } else {
            fields["losses"] = ["$add": ["$losses", 1]]
        }
        let outcome = try await self.collection.updateMany(
            ["lease.owner": .string(owner), "state": .running],
            [["$unset": "lease.owner"], ["$set": .document(fields)]])
        try await self.acknowledgeStop(by: owner)
        return outcome.matchedCount
    }
}
