import Synchronization
import Testing

@testable import ObjectStore

@Suite struct RetryPolicyTests {
    struct Fact: Sendable {
        let attempt: Int
        var elapsed: Duration = .zero
        var retryAfter: Duration?
        let random: Double
        let delay: Duration?
    }

    private static let policy = RetryPolicy(
        attempts: 5, firstDelay: .milliseconds(100), longestDelay: .milliseconds(500), limit: .seconds(10))

    static let facts = [
        // The bound doubles up to the longest delay; the draw spreads over all of it.
        Fact(attempt: 1, random: 1, delay: .milliseconds(100)),
        Fact(attempt: 2, random: 1, delay: .milliseconds(200)),
        Fact(attempt: 3, random: 1, delay: .milliseconds(400)),
        Fact(attempt: 4, random: 1, delay: .milliseconds(500)),
        Fact(attempt: 2, random: 0.5, delay: .milliseconds(100)),
        Fact(attempt: 4, random: 0, delay: .zero),
        // No more attempts.
        Fact(attempt: 5, random: 0, delay: nil),
        Fact(attempt: 6, random: 0, delay: nil),
        // What the server asks for is never undercut.
        Fact(attempt: 1, retryAfter: .seconds(3), random: 1, delay: .seconds(3)),
        Fact(attempt: 1, retryAfter: .milliseconds(1), random: 1, delay: .milliseconds(100)),
        // No time is left for another attempt.
        Fact(attempt: 1, elapsed: .milliseconds(9_899), random: 1, delay: .milliseconds(100)),
        Fact(attempt: 1, elapsed: .milliseconds(9_900), random: 1, delay: nil),
        Fact(attempt: 1, retryAfter: .seconds(10), random: 1, delay: nil),
    ]

    @Test(arguments: facts)
    func delayFollowsTheTable(fact: Fact) {
        let delay = Self.policy.delay(
            after: fact.attempt, elapsed: fact.elapsed, retryAfter: fact.retryAfter, random: fact.random)
        #expect(delay == fact.delay)
    }

    @Test func manyAttemptsDoNotOverflow() {
        let policy = RetryPolicy(attempts: .max, longestDelay: .seconds(20))
        #expect(policy.delay(after: 1_000_000, elapsed: .zero, retryAfter: nil, random: 1) == .seconds(20))
    }
}

@Suite struct RetrierTests {
    /// Time that passes only while someone sleeps.
    private final class ManualClock: Clock {
        typealias Instant = ContinuousClock.Instant

        private let state: Mutex<(now: Instant, naps: [Duration])> = Mutex((ContinuousClock.now, []))

        var now: Instant { self.state.withLock { $0.now } }
        var naps: [Duration] { self.state.withLock { $0.naps } }
        let minimumResolution: Duration = .nanoseconds(1)

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            self.state.withLock { state in
                state.naps.append(state.now.duration(to: deadline))
                state.now = deadline
            }
        }
    }

    private static let policy = RetryPolicy(
        attempts: 4, firstDelay: .seconds(1), longestDelay: .seconds(8), limit: .seconds(100))
    private static let passing = S3Failure(code: .unavailable, isTransient: true, message: "busy")

    /// Fails with `failures`, one after the other, and then succeeds.
    private func outcome(
        of failures: [S3Failure]
    ) async -> (result: Result<String, S3Failure>, attempts: Int, naps: [Duration], left: [Duration]) {
        let clock = ManualClock()
        var left: [Duration] = []
        do throws(S3Failure) {
            let answer = try await Retrier(policy: Self.policy, clock: clock, random: { 1 }).run {
                remaining throws(S3Failure) in
                left.append(remaining)
                guard left.count > failures.count else { throw failures[left.count - 1] }
                return "done"
            }
            return (.success(answer), left.count, clock.naps, left)
        } catch {
            return (.failure(error), left.count, clock.naps, left)
        }
    }

    @Test func passingFailuresAreRepeatedAfterGrowingDelays() async {
        let outcome = await self.outcome(of: [Self.passing, Self.passing, Self.passing])
        #expect(outcome.result == .success("done"))
        #expect(outcome.naps == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(outcome.left == [.seconds(100), .seconds(99), .seconds(97), .seconds(93)])
    }

    @Test func lastFailureIsThrown() async {
        let last = S3Failure(code: .full, isTransient: true, message: "last")
        let outcome = await self.outcome(of: [Self.passing, Self.passing, Self.passing, last])
        #expect(outcome.result == .failure(last))
        #expect(outcome.attempts == 4)
    }

    @Test func lastingFailureIsNotRepeated() async {
        let lasting = S3Failure(code: .denied, isTransient: false, message: "no")
        let outcome = await self.outcome(of: [lasting])
        #expect(outcome.result == .failure(lasting))
        #expect(outcome.attempts == 1)
        #expect(outcome.naps.isEmpty)
    }

    @Test func serverIsLeftAloneAsLongAsItAsks() async {
        var failure = Self.passing
        failure.retryAfter = .seconds(30)
        #expect(await self.outcome(of: [failure]).naps == [.seconds(30)])
        failure.retryAfter = .seconds(101)
        #expect(await self.outcome(of: [failure]).result == .failure(failure))
    }
}
