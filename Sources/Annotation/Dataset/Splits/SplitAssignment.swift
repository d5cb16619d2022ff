/// Gives pictures to splits where the backend gave none.
///
/// By hash, so that a picture (or a video) stays in its split on every machine, in every build, and in every later
/// version with the same shares, whatever else is added.
package struct SplitAssignment: Sendable {
    /// Upper ends of the splits on the line from 0 to 1, ascending.
    private let ends: [(split: DatasetSplit, end: Double)]

    /// - Parameter shares: by percentage, or by image count where no percentage is above 0; training alone without
    ///   either.
    package init(_ shares: [SplitShare]) {
        let percentages = shares.map { max(0, $0.percentage) }
        let weights = percentages.contains { $0 > 0 } ? percentages : shares.map { Double(max(0, $0.imageCount)) }
        let sum = weights.reduce(0, +)
        var end = 0.0
        var ends: [(split: DatasetSplit, end: Double)] = []
        for (share, weight) in zip(shares, weights) where weight > 0 {
            end += weight / sum
            ends.append((share.split, end))
        }
        self.ends = ends
    }

    /// - Parameter name: what stays together: the id of a video or of a frame.
    package func split(of name: String) -> DatasetSplit {
        var draws = SeededDraws("split", name)
        let place = draws.fraction()
        return self.ends.first { place < $0.end }?.split ?? self.ends.last?.split ?? .training
    }
}
