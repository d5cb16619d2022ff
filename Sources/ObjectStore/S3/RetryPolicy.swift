/// When to try again: exponential backoff with full jitter, a pure value.
///
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts in all, the first one included.
    package var attempts: Int
    /// The bound of the first delay; it doubles with every further one …
    package var firstDelay: Duration
    /// … up to this one.
    package var longestDelay: Duration
    /// The longest that all attempts and delays of one operation may take: nothing is sent later than this after the
    /// call, so a lease that outlives it fences the store.
    package var limit: Duration

    package init(
        attempts: Int = 6, firstDelay: Duration = .milliseconds(200), longestDelay: Duration = .seconds(20),
        limit: Duration = .seconds(600)
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.limit = limit
    }

    /// How long to wait after the failure of attempt number `attempt`, from 1; `nil` to abandon.
    ///
    /// - Parameters:
    ///   - elapsed: since the operation began.
    ///   - retryAfter: what the server asked for; never undercut.
    ///   - random: in 0..<1, a fresh draw for each delay.
    func delay(after attempt: Int, elapsed: Duration, retryAfter: Duration?, random: Double) -> Duration? {
        guard attempt < self.attempts else { return nil }
        // 2^16 first delays are beyond any sensible bound, and the shift stays small.
        let doubled = self.firstDelay * (1 << min(attempt - 1, 16))
        let delay = max(min(self.longestDelay, doubled) * random, retryAfter ?? .zero)
        return elapsed + delay < self.limit ? delay : nil
    }
}
