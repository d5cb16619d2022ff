/// Many small transfers or commands, several at a time: one after the other they would wait for the network most of the
/// time.
extension Collection where Element: Sendable, Index: Sendable {
    /// What `transform` makes of each element, in their order.
    ///
    /// - Parameter limit: calls that run at once; more would only queue for the connections of a store.
    /// - Throws: the first error, which cancels the other calls.
    package func concurrentMap<Result: Sendable>(
        limit: Int = 16, _ transform: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: self.count)
            for (position, element) in self.enumerated() {
                if position >= limit, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (position, try await transform(element)) }
            }
            for try await (done, result) in group { results[done] = result }
            return results.compactMap { $0 }
        }
    }

    /// The same without results.
    package func concurrentForEach(
        limit: Int = 16, _ body: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        _ = try await self.concurrentMap(limit: limit, body)
    }
}
