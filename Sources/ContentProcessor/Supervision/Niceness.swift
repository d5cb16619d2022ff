import FoundationEssentials
import Glibc
import ServiceLifecycle

/// Keeps this process standing back for others, above all for the HTTP service beside it.
///
/// Linux keeps niceness by thread, unlike POSIX (setpriority(2), "C library/kernel differences"), and libdispatch gives
/// threads that it makes the niceness of their queue where it may, as for root: so every thread is looked at every
/// second.
struct Niceness: Service {
    /// As nice(2) has it, 0 … 19.
    let value: Int

    func run() async throws {
        while !Task.isShuttingDownGracefully {
            self.set()
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func set() {
        // Without /proc the process competes with others: slower answers, no harm.
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        // Standing back further is always allowed, and a thread that has ended needs nothing.
        for thread in threads.compactMap({ id_t($0) }) {
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), thread, Int32(self.value))
        }
    }
}
