import FoundationEssentials
import Testing

@testable import Domain

@Suite struct AttemptPolicyTests {
    static let policy = AttemptPolicy(attemptLimit: 3)
    static let error = JobError(code: 500, message: "It broke.")

    @Test func aFailedAttemptIsRepeatedLaterAndLater() {
        #expect(
            Self.policy.verdict(on: .attempt(Self.error), attempts: 0)
                == .retry(after: .seconds(1), countsAsAttempt: true, error: Self.error))
        #expect(
            Self.policy.verdict(on: .attempt(Self.error), attempts: 1)
                == .retry(after: .seconds(2), countsAsAttempt: true, error: Self.error))
    }

    @Test func theLastAttemptQuarantinesTheJob() {
        guard case .end(.quarantined, let error) = Self.policy.verdict(on: .attempt(Self.error), attempts: 2) else {
            Issue.record("the job goes on")
            return
        }
        #expect(error.message.contains("3 attempts"))
    }

    @Test func anAbsentDependencyNeverEndsAJob() {
        #expect(
            Self.policy.verdict(on: .dependency(Self.error), attempts: 99)
                == .retry(after: .seconds(2), countsAsAttempt: false, error: Self.error))
    }

    @Test func refusedContentEndsTheJobAtOnce() {
        #expect(Self.policy.verdict(on: .permanent(Self.error), attempts: 0) == .end(.failed, Self.error))
    }

    @Test func aLostLeaseIsLeftAlone() {
        #expect(Self.policy.verdict(on: .leaseLost, attempts: 0) == .abandon)
    }

    @Test func crashesOfWorkersExhaustAUnit() throws {
        var item = WorkItem(.part(index: 0), of: try RequestDecisionTests.job(.running), startTime: VirtualStartTime(0))
        #expect(Self.policy.exhaustion(of: item) == nil)
        item.losses = 20
        #expect(Self.policy.exhaustion(of: item)?.code == 500)
        item.losses = 0
        item.attempts = 3
        item.error = Self.error
        #expect(Self.policy.exhaustion(of: item)?.message.contains("It broke.") == true)
    }

    @Test func progressIsNeverAHundredBeforeTheEnd() {
        #expect(JobProgress(partsDone: 3, partCount: 3, framesDone: 360, frameCount: 360).percent == 99)
        #expect(JobProgress(partsDone: 0, partCount: 3, framesDone: 36, frameCount: 360).percent == 10)
        #expect(JobProgress(partsDone: 0, partCount: 0, framesDone: 0, frameCount: 0).percent == 0)
    }
}
