/// What was found of one label in all pictures, judged against the truth at one least overlap.
struct LabelMatches {
    /// Confidence of each found box, and whether it hits an object.
    private(set) var found: [(confidence: Double, isHit: Bool)] = []
    private(set) var truthCount = 0

    /// Judges one picture: in falling order of confidence, each found box takes the free object that it overlaps most.
    mutating func add(truth: [Box], found: [Detection], leastOverlap: Double) {
        self.truthCount += truth.count
        var free = truth
        for detection in found.strongestFirst() {
            let best = free.indices.max {
                free[$0].overlap(with: detection.box) < free[$1].overlap(with: detection.box)
            }
            // The tolerance is pycocotools' own.
            guard let best, free[best].overlap(with: detection.box) >= leastOverlap - 1e-10 else {
                self.found.append((detection.confidence, false))
                continue
            }
            free.remove(at: best)
            self.found.append((detection.confidence, true))
        }
    }

    var hitCount: Int { self.found.count { $0.isHit } }

    /// The mean of the precision at the recalls 0, 0.01 … 1, where precision never falls behind that of a higher
    /// recall: as COCO defines it (<https://cocodataset.org/#detection-eval>).
    var averagePrecision: Double {
        guard self.truthCount > 0 else { return 0 }
        let order = self.found.enumerated().sorted { first, second in
            first.element.confidence == second.element.confidence
                ? first.offset < second.offset : first.element.confidence > second.element.confidence
        }
        var hits = 0
        var points = order.enumerated().map { rank, box in
            if box.element.isHit { hits += 1 }
            return (recall: Double(hits) / Double(self.truthCount), precision: Double(hits) / Double(rank + 1))
        }
        for index in points.indices.dropLast().reversed() {
            points[index].precision = max(points[index].precision, points[index + 1].precision)
        }
        var sum = 0.0
        var next = points.startIndex
        for hundredth in 0...100 {
            while next < points.endIndex, points[next].recall < Double(hundredth) / 100 { next += 1 }
            guard next < points.endIndex else { break }
            sum += points[next].precision
        }
        return sum / 101
    }
}
