/// Pairs rows with columns so that the sum of their costs is least.
enum Assignment {
    /// The pairs of a cost table, each row and column in one pair at most, without pairs that cost more than `limit`.
    ///
    /// The Hungarian algorithm with potentials (Kuhn, "The Hungarian Method for the Assignment Problem", 1955), in
    /// O(rows² · columns). Equal costs are broken by position, so the result is the same each time.
    ///
    /// - Parameter costs: rows of the same length, all numbers finite.
    static func pairs(_ costs: [[Double]], limit: Double) -> [(row: Int, column: Int)] {
        guard let columnCount = costs.first?.count, columnCount > 0 else { return [] }
        // Every row may also go without a partner, at the limit's price: a column of its own.
        let padded = costs.enumerated().map { row, values in
            values + costs.indices.map { $0 == row ? limit : limit * 4 + 4 }
        }
        return Self.solve(padded).enumerated()
            .filter { row, column in column < columnCount && costs[row][column] <= limit }
            .map { (row: $0.offset, column: $0.element) }
    }

    /// The column of each row, for tables with at least as many columns as rows.
    private static func solve(_ costs: [[Double]]) -> [Int] {
        let columnCount = costs[0].count
        // Position 0 stands for "none" and is where each search starts.
        var rowPotential = [Double](repeating: 0, count: costs.count + 1)
        var columnPotential = [Double](repeating: 0, count: columnCount + 1)
        var rowOfColumn = [Int](repeating: 0, count: columnCount + 1)
        for row in 1...costs.count {
            rowOfColumn[0] = row
            var column = 0
            var least = [Double](repeating: .infinity, count: columnCount + 1)
            var previous = [Int](repeating: 0, count: columnCount + 1)
            var isSettled = [Bool](repeating: false, count: columnCount + 1)
            repeat {
                isSettled[column] = true
                let present = rowOfColumn[column]
                var step = Double.infinity
                var next = 0
                for candidate in 1...columnCount where !isSettled[candidate] {
                    let cost =
                        costs[present - 1][candidate - 1] - rowPotential[present] - columnPotential[candidate]
                    if cost < least[candidate] { (least[candidate], previous[candidate]) = (cost, column) }
                    if least[candidate] < step { (step, next) = (least[candidate], candidate) }
                }
                for candidate in 0...columnCount {
                    if isSettled[candidate] {
                        rowPotential[rowOfColumn[candidate]] += step
                        columnPotential[candidate] -= step
                    } else {
                        least[candidate] -= step
                    }
                }
                column = next
            } while rowOfColumn[column] != 0
            while column != 0 {
                rowOfColumn[column] = rowOfColumn[previous[column]]
                column = previous[column]
            }
        }
        var columnOfRow = [Int](repeating: 0, count: costs.count)
        for column in 1...columnCount where rowOfColumn[column] > 0 {
            columnOfRow[rowOfColumn[column] - 1] = column - 1
        }
        return columnOfRow
    }
}
