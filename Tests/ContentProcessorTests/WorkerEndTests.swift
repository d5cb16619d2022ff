import Domain
import Glibc
import Testing

@testable import ContentProcessor

/// What the end of a worker process means for the work item that it was at.
@Suite struct WorkerEndTests {
    /// How a process ended, the reason in the metrics, and the status of what speaks against its work item.
    static let ends: [(WorkerProgram.End, String, Int?)] = [
        (.finished, "finished", nil),
        (.failed(status: 1), "failed", nil),
        (.failed(status: 78), "failed", nil),
        (.signaled(SIGKILL), "killed", nil),
        (.signaled(SIGTERM), "killed", nil),
        (.signaled(SIGXCPU), "processor_time", 500),
        (.signaled(SIGSEGV), "crashed", 500),
        (.signaled(SIGABRT), "crashed", 500),
        (.signaled(SIGILL), "crashed", 500),
        (.tooLarge(byteCount: 3 << 30), "memory", 507),
    ]

    @Test(arguments: ends)
    func anEndHasAReasonAndSpeaksAgainstItsWorkItemOrNot(
        _ end: WorkerProgram.End, _ reason: String, _ status: Int?
    ) {
        #expect(end.reason == reason)
        #expect(WorkerProgram.End.reasons.contains(end.reason))
        #expect(end.error?.code == status)
    }

    @Test func aCrashNamesItsSignalAndTheMemoryItsAmount() {
        let crash = WorkerProgram.End.signaled(SIGSEGV).error?.message
        #expect(crash?.contains("signal 11 (Segmentation fault)") == true)
        #expect(WorkerProgram.End.tooLarge(byteCount: 3 << 30).error?.message.contains("3072 MB") == true)
    }

    @Test func everyReasonIsTheReasonOfSomeEnd() {
        #expect(Set(Self.ends.map(\.1)) == Set(WorkerProgram.End.reasons))
    }
}
