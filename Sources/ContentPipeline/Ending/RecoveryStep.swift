/// One thing that a crash left undone, and what is done about it.
package struct RecoveryStep: Sendable, CustomStringConvertible {
    /// One line for a person.
    package let description: String
    /// `nil` for what is only told.
    let action: (@Sendable () async throws -> Void)?

    package var isOnlyTold: Bool { self.action == nil }
}
