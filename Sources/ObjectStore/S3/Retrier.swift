/// Repeats what failed for a passing reason, as its policy says.
struct Retrier<Time: Clock>: Sendable where Time.Duration == Duration {
    let policy: RetryPolicy
    let clock: Time
    /// Draws from 0..<1.
    let random: @Sendable () -> Double
    /// Called before each further attempt.
    var onRetry: @Sendable () -> Void = {}

    /// - Parameter attempt: gets the time that is left for it.
    /// - Throws: the last failure, or the first that does not pass by itself.
    func run<Success>(
        _ attempt: (_ remaining: Duration) async throws(S3Failure) -> Success
    ) async throws(S3Failure) -> Success {
        let start = self.clock.now
        var number = 1
        while true {
            do {
                return try await attempt(self.policy.limit - start.duration(to: self.clock.now))
            } catch {
                let elapsed = start.duration(to: self.clock.now)
                guard error.isTransient,
                    let delay = self.policy.delay(
                        after: number, elapsed: elapsed, retryAfter: error.retryAfter, random: self.random())
                else { throw error }
                try await self.wait(delay)
                self.onRetry()
                number += 1
            }
        }
    }

    private func wait(_ delay: Duration) async throws(S3Failure) {
        do {
            try await self.clock.sleep(until: self.clock.now.advanced(by: delay), tolerance: nil)
        } catch {
            throw S3Failure(TransferError.cancelled)
        }
    }
}
