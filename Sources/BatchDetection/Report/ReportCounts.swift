internal import Domain
internal import PhotoMetadata

/// Sums over the results of a batch.
package struct ReportCounts: Hashable, Sendable {
    /// Photos and boxes under one label, in one folder or on one day.
    struct Group: Hashable, Sendable {
        var photoCount = 0
        var boxCount = 0
    }

    package private(set) var found = 0
    package private(set) var failed = 0
    package private(set) var withDetections = 0
    package private(set) var boxes = 0
    private(set) var byLabel: [String: Group] = [:]
    private(set) var byFolder: [String: Group] = [:]
    private(set) var byDay: [String: Group] = [:]

    package var done: Int { self.found - self.failed }

    /// Labels that were found, in alphabetical order.
    var labels: [String] { self.byLabel.keys.sorted() }

    mutating func add(_ result: PhotoResult) {
        self.found += 1
        guard result.failure == nil else { self.failed += 1; return }
        let count = result.detections.count
        self.boxes += count
        if count > 0 { self.withDetections += 1 }
        let folder = result.photo.folder.isEmpty ? result.photo.root : "\(result.photo.root)/\(result.photo.folder)"
        self.byFolder[folder, default: Group()].add(count)
        let day = result.metadata.dateTime?.date ?? "unknown"
        self.byDay[day, default: Group()].add(count)
        for (label, boxes) in Dictionary(grouping: result.detections, by: \.label) {
            self.byLabel[label, default: Group()].add(boxes.count)
        }
    }
}

extension ReportCounts.Group {
    fileprivate mutating func add(_ boxCount: Int) {
        self.photoCount += 1
        self.boxCount += boxCount
    }
}
