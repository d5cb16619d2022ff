import FoundationEssentials
import Glibc

/// Ends a process whose resident memory exceeds a limit, before the kernel ends one of its own choice.
struct MemoryWatch: Sendable {
    let process: pid_t
    let limitByteCount: Int

    /// Looks until the process has ended or its task is cancelled.
    ///
    /// - Returns: the resident bytes for which the process was ended; `nil` when it kept to its limit.
    func run() async -> Int? {
        while let byteCount = self.residentByteCount(), !Task.isCancelled {
            if byteCount > self.limitByteCount {
                kill(self.process, SIGKILL)
                return byteCount
            }
            try? await Task.sleep(for: .milliseconds(200))  // The only error is cancellation, which the loop notices.
        }
        return nil
    }

    /// The second field of proc_pid_statm(5); `nil` when the process has ended, whether or not it was waited for.
    private func residentByteCount() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(self.process)/statm", encoding: .utf8)  // Gone: `nil`.
        else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pageCount = Int(fields[1]), pageCount > 0 else { return nil }
        return pageCount * Int(getpagesize())
    }
}
