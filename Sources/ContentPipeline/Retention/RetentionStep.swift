/// One thing that is old enough to go.
package struct RetentionStep: Sendable, CustomStringConvertible {
    /// One line for a person.
    package let description: String
    /// Looks once more whether anybody needs it, and removes it; `false` when it stays.
    let action: @Sendable () async throws -> Bool
}
