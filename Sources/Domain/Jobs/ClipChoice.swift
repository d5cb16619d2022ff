/// Which part of a job a worker begins with, so that each worker makes parts that follow each other and keeps its
/// decoder open.
package enum ClipChoice {
    /// - Parameters:
    ///   - waiting: indexes of the parts that nobody is at, as runs of parts that follow each other, ascending.
    ///   - running: indexes of the parts that somebody is at.
    /// - Returns: the start of the longest run of waiting parts; its middle when the worker at the part before will
    ///   continue into it; `nil` when nothing waits.
    package static func start(waiting: [Range<Int>], running: Set<Int>) -> Int? {
        var longest = 0..<0
        for run in waiting where run.count > longest.count { longest = run }
        guard !longest.isEmpty else { return nil }
        return running.contains(longest.lowerBound - 1) ? longest.lowerBound + longest.count / 2 : longest.lowerBound
    }
}
