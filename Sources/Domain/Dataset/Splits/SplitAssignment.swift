/// Gives pictures to splits where the backend gave none.
///
/// By hash, so that a picture (or a video) stays in its split on every machine, in every build, and in every later
/// version with the same shares, whatever else is added.
package struct SplitAssignment: Sendable {
    /// Upper ends of the splits on the line from 0 to 1, ascending.
    private let ends: [(split: DatasetSplit, end: Double)]
    /// What is in training whatever its hash says.
    private let trainingName: String?

    /// - Parameters:
    ///   - shares: by percentage, or by image count where no percentage is above 0; training alone without either.
    ///   - trainingName: of ``nameForTraining(among:decided:)``.
    package init(_ shares: [SplitShare], trainingName: String? = nil) {
        let weights = Self.weights(of: shares)
        let sum = weights.reduce(0) { $0 + $1.weight }
        var end = 0.0
        var ends: [(split: DatasetSplit, end: Double)] = []
        for (split, weight) in weights {
            end += weight / sum
            ends.append((split, end))
        }
        self.ends = ends
        self.trainingName = trainingName
    }

    /// The shares above 0, in their own order.
    static func weights(of shares: [SplitShare]) -> [(split: DatasetSplit, weight: Double)] {
        let percentages = shares.map { $0.percentage.isFinite ? max(0, $0.percentage) : 0 }
        let weights = percentages.contains { $0 > 0 } ? percentages : shares.map { Double(max(0, $0.imageCount)) }
        return zip(shares, weights).filter { $1 > 0 }.map { ($0.split, $1) }
    }

    /// What must go to training although its hash says otherwise, because training would be empty: that with the
    /// smallest hash. `nil` when training has something, or is to have nothing.
    ///
    /// - Parameters:
    ///   - names: of all that has no split yet, as for ``split(of:)``.
    ///   - decided: the splits that the backend gave already.
    package func nameForTraining(among names: some Sequence<String>, decided: Set<DatasetSplit>) -> String? {
        guard self.ends.contains(where: { $0.split == .training }), !decided.contains(.training) else { return nil }
        var least: (name: String, place: Double)?
        for name in names {
            if self.split(of: name) == .training { return nil }
            let place = Self.place(of: name)
            let isLess = least.map { place < $0.place || place == $0.place && name.precedesByBytes($0.name) } ?? true
            if isLess { least = (name, place) }
        }
        return least?.name
    }

    /// - Parameter name: what stays together: the id of a video or of a frame.
    package func split(of name: String) -> DatasetSplit {
        guard name != self.trainingName else { return .training }
        let place = Self.place(of: name)
        return self.ends.first { place < $0.end }?.split ?? self.ends.last?.split ?? .training
    }

    /// On the line from 0 to 1.
    private static func place(of name: String) -> Double {
        var draws = SeededDraws("split", name)
        return draws.fraction()
    }
}
