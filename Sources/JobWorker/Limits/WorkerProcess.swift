internal import Glibc

/// What a process that decodes media of strangers may use, beside processor time.
package enum WorkerProcess {
    /// Limits this process for the rest of its life, and leaves no core dumps.
    ///
    /// The supervisor ends a worker whose resident memory exceeds its limit; what is limited here is a single leap
    /// beyond: memory that is reserved for data (setrlimit(2), RLIMIT_DATA) cannot be had then, which FFmpeg reports.
    ///
    /// - Parameter memoryLimitByteCount: of resident memory.
    package static func limit(memoryLimitByteCount: Int) {
        // Thread stacks and the allocator's reserves count as data without being resident.
        let reserves = 1 << 30
        self.lower(RLIMIT_DATA, to: rlim_t(2 * memoryLimitByteCount + reserves))
        self.lower(RLIMIT_NOFILE, to: 512)
        self.lower(RLIMIT_CORE, to: 0)
    }

    /// Limits that the process already has stay where they are lower.
    private static func lower(_ resource: __rlimit_resource, to value: rlim_t) {
        var limit = rlimit()
        guard unsafe getrlimit(Int32(resource.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(value, limit.rlim_cur)
        // Lowering is always allowed.
        _ = unsafe setrlimit(Int32(resource.rawValue), &limit)
    }
}
