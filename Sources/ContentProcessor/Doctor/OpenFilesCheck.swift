import Glibc

/// How many files and connections a process may have open, as started from here.
struct OpenFilesCheck: Check {
    private static let name = "open_files"
    /// A connection of a client takes one; each worker has its own limit of 512.
    private static let ample: rlim_t = 1024
    private static let least: rlim_t = 512

    func diagnostics() async -> [Diagnostic] {
        var limit = rlimit()
        guard unsafe getrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return [.warning(Self.name, "the limit cannot be read", advice: "look at ulimit -n")]
        }
        let count = limit.rlim_cur
        let seen = count == rlim_t.max ? "no limit" : "at most \(count) in one process"
        let advice = "raise it: LimitNOFILE= of the unit, or ulimit -n"
        switch count {
        case ..<Self.least: return [.failed(Self.name, seen, advice: advice)]
        case ..<Self.ample: return [.warning(Self.name, seen, advice: advice)]
        default: return [.ok(Self.name, seen)]
        }
    }
}
