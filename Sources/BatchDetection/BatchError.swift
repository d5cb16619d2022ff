/// Why a batch cannot be worked on; what is wrong with one photo is told in its ``PhotoResult`` instead.
package struct BatchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One plain sentence that says what to change.
    package let description: String

    package init(_ description: String) { self.description = description }
}
