package import FoundationEssentials

/// The runs for one upload or dataset version, as retention sees them.
package struct RunHistory: Hashable, Sendable {
    package struct Run: Hashable, Sendable {
        package let id: ObjectID
        package let number: Int
        /// Whether it made the subject's tasks or images, rather than annotations for what was there.
        package let makesTasks: Bool
        /// When it ended; `nil` while it has work to do, or while something is left to be done after its end.
        package let endedAt: Date?

        package init(id: ObjectID, number: Int, makesTasks: Bool, endedAt: Date?) {
            self.id = id
            self.number = number
            self.makesTasks = makesTasks
            self.endedAt = endedAt
        }
    }

    /// The oldest first.
    private let runs: [Run]

    package init(_ runs: [Run]) { self.runs = runs.sorted { $0.number < $1.number } }

    /// Runs that nothing needs any more, in the order in which they can go one by one: whatever a crash leaves of them
    /// answers a repeated request as before.
    ///
    /// Nothing goes while any run has work to do or ended after `cutoff`. Then those go that a later producer replaced,
    /// and with `isComplete` the others, too: the latest producer last, since it tells what the tasks were made from.
    ///
    /// - Parameter isComplete: the subject says by itself that it is done, or is gone.
    package func forgettable(before cutoff: Date, isComplete: Bool) -> [Run] {
        guard self.runs.allSatisfy({ $0.endedAt.map { $0 < cutoff } ?? false }) else { return [] }
        let producer = self.runs.lastIndex(where: \.makesTasks) ?? self.runs.startIndex
        return self.runs[..<producer] + (isComplete ? self.runs[producer...].reversed() : [])
    }
}
