internal import Domain
internal import Glibc

/// Ends this process with SIGXCPU when a work item uses processor time without getting frames done, as in a decoder
/// that turns in circles.
///
/// The kernel counts the time of all threads of the process (setrlimit(2), RLIMIT_CPU). One work item at a time.
struct ProcessorTimeLimit: Sendable {
    /// Processor time that a work item may use from one frame to the next.
    private let patience: Duration

    /// - Parameter job: a long source may have to be searched or decoded for long before its first wanted frame.
    init(for job: JobHeader) {
        // A tenth of a second for every frame of the source is several times what 4K HEVC takes.
        let search = job.plan.map { Duration.milliseconds(100) * $0.sourceFrameCount } ?? .seconds(3600)
        self.patience = .seconds(300) + search
    }

    /// Counts anew from now: frames got done, or a work item begins.
    func restart() { Self.set(Self.used + rlim_t(self.patience.components.seconds)) }

    /// Sets no limit: the work item is settled.
    static func lift() { self.set(rlim_t.max) }

    /// Seconds of processor time that this process has used, rounded up.
    private static var used: rlim_t {
        var usage = rusage()
        guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        return rlim_t(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 2)
    }

    private static func set(_ seconds: rlim_t) {
        var limit = rlimit()
        guard unsafe getrlimit(Int32(RLIMIT_CPU.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(seconds, limit.rlim_max)
        // A lower limit is always allowed; without one the work item is still watched by its lease.
        _ = unsafe setrlimit(Int32(RLIMIT_CPU.rawValue), &limit)
    }
}
