import FoundationEssentials
import Glibc

/// How far this process stands back for others, above all for the HTTP service beside it.
enum Niceness {
    /// Sets it for every thread that there is; threads to come have it from the one that makes them.
    ///
    /// Linux keeps it by thread, unlike POSIX (setpriority(2), "C library/kernel differences").
    ///
    /// - Parameter value: as nice(2) has it, 0 … 19.
    static func set(_ value: Int) {
        // Without /proc the process competes with others: slower answers, no harm.
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        // Standing back further is always allowed, and a thread that has ended needs nothing.
        for thread in threads.compactMap({ id_t($0) }) {
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), thread, Int32(value))
        }
    }
}
