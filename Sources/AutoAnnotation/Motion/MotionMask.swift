import Domain

/// The pixels of a picture that are not background.
struct MotionMask {
    private let width: Int
    private let height: Int
    /// How much each pixel differs from the background; 0 where it does not.
    private var strengths: [UInt8]

    // Differences below are noise of the camera and its compression.
    private static let leastDifference = 18
    /// Fewer pixels of the input are no object.
    private static let leastArea = 14
    /// A region of more than this share of the input is a change of light or a moved camera.
    private static let largestShare = 0.5
    /// Pixels up to which gaps inside an object are closed.
    private static let reach = 2

    init(_ picture: LumaPlane, against background: LumaPlane) {
        self.width = picture.width
        self.height = picture.height
        let differences = zip(picture.smoothed().values, background.smoothed().values).map { abs(Int($0) - Int($1)) }
        self.strengths = differences.map { $0 >= Self.leastDifference ? UInt8($0) : 0 }
    }

    /// A connected region.
    struct Region {
        /// In pixels of the input.
        var box: Box
        /// 0 … 1: how clearly it differs from the background.
        var confidence: Double
    }

    /// The connected regions that can be objects, from the top.
    func regions() -> [Region] {
        var visited = [Bool](repeating: false, count: self.strengths.count)
        var regions: [Region] = []
        for start in self.strengths.indices where self.strengths[start] > 0 && !visited[start] {
            let region = self.region(from: start, visited: &visited)
            guard let region else { continue }
            regions.append(region)
        }
        return regions
    }

    /// Collects the region around a pixel; `nil` when it is too small or too large.
    private func region(from start: Int, visited: inout [Bool]) -> Region? {
        var open = [start]
        visited[start] = true
        var (left, right, top, bottom) = (self.width, 0, self.height, 0)
        var (area, strength) = (0, 0)
        while let pixel = open.popLast() {
            let (row, column) = (pixel / self.width, pixel % self.width)
            (left, right) = (min(left, column), max(right, column))
            (top, bottom) = (min(top, row), max(bottom, row))
            area += 1
            strength += Int(self.strengths[pixel])
            for nextRow in max(0, row - Self.reach)...min(self.height - 1, row + Self.reach) {
                for nextColumn in max(0, column - Self.reach)...min(self.width - 1, column + Self.reach) {
                    let next = nextRow * self.width + nextColumn
                    guard self.strengths[next] > 0, !visited[next] else { continue }
                    visited[next] = true
                    open.append(next)
                }
            }
        }
        let box = Box(
            x: Double(left), y: Double(top), width: Double(right - left + 1), height: Double(bottom - top + 1))
        guard area >= Self.leastArea, box.area < Self.largestShare * Double(self.strengths.count) else { return nil }
        // Half for its contrast, twice the least difference being full; half for how much of its box it fills.
        let contrast = min(1, Double(strength) / Double(area * 2 * Self.leastDifference))
        return Region(box: box, confidence: 0.5 * contrast + 0.5 * Double(area) / box.area)
    }
}
