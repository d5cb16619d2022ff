package import Domain

/// Gives boxes of one object the same number through the pictures of a clip.
///
/// ByteTrack (Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box", ECCV 2022): strong
/// boxes find their tracks first, by their overlap with where the track should be now; weak boxes then continue tracks
/// that found no strong one, since an object that is half hidden looks weak; only strong boxes begin tracks. Boxes of
/// different labels never share a track.
///
/// Tasks have few pictures a second, and between two of them small objects move further than their own size. So strong
/// boxes that found no track look once more with all boxes enlarged, as in Yang et al., "Hard to Track Objects with
/// Irregular Motions and Similar Appearances? Make It Easier by Buffering the Matching Space", WACV 2023. The
/// same boxes give the same numbers.
package struct ObjectTracker: Sendable {
    /// Thresholds; the defaults are the paper's, scaled to the detector's own least confidence.
    package struct Settings: Hashable, Sendable {
        /// The confidence from which a box is strong.
        package var strong: Double
        /// The least overlap with a track's expected place, for strong and for weak boxes.
        package var strongOverlap = 0.2
        package var weakOverlap = 0.5
        /// What boxes are enlarged by for the second look, as a share of their sides.
        package var buffer = 0.5
        /// Pictures for which an unseen track waits for its object.
        package var patience = 30

        /// - Parameter leastConfidence: of the boxes that the tracker gets.
        package init(leastConfidence: Double) {
            self.strong = max(0.5, leastConfidence)
        }
    }

    private struct Track {
        let id: Int
        let label: String
        var motion: BoxMotion
        var unseen = 0
    }

    private let settings: Settings
    private var tracks: [Track] = []
    private var count = 0

    package init(_ settings: Settings) {
        self.settings = settings
    }

    /// The detections of the next picture in their order, each that belongs to a track with its number.
    ///
    /// - Parameter detections: empty for a picture without objects; no picture of the clip is left out.
    package mutating func track(_ detections: [Detection]) -> [Detection] {
        var tracked = detections
        for index in self.tracks.indices { self.tracks[index].motion.predict() }
        var open = Array(self.tracks.indices)
        let strong = tracked.indices.filter { tracked[$0].confidence >= self.settings.strong }
        let weak = tracked.indices.filter { tracked[$0].confidence < self.settings.strong }
        let near = self.pair(strong, with: &open, in: &tracked, leastOverlap: self.settings.strongOverlap)
        let left = self.pair(
            near, with: &open, in: &tracked, leastOverlap: self.settings.strongOverlap, buffer: self.settings.buffer)
        // Only tracks that were seen in the picture before: weak boxes do not bring lost objects back.
        var recent = open.filter { self.tracks[$0].unseen == 0 }
        _ = self.pair(weak, with: &recent, in: &tracked, leastOverlap: self.settings.weakOverlap)
        for index in self.tracks.indices { self.tracks[index].unseen += 1 }
        for detection in tracked { self.markSeen(detection.trackId) }
        for index in left { tracked[index].trackId = self.begin(tracked[index]) }
        self.tracks.removeAll { $0.unseen > self.settings.patience }
        return tracked
    }

    /// Pairs detections with `open` tracks, which then holds those without a partner; returns the detections without.
    private mutating func pair(
        _ candidates: [Int], with open: inout [Int], in detections: inout [Detection], leastOverlap: Double,
        buffer: Double = 0
    ) -> [Int] {
        // One cost above every limit keeps labels apart.
        let costs = candidates.map { candidate in
            open.map { track -> Double in
                let expected = self.tracks[track].motion.box.enlarged(by: buffer)
                let isAlike = self.tracks[track].label == detections[candidate].label
                return isAlike ? 1 - expected.overlap(with: detections[candidate].box.enlarged(by: buffer)) : 2
            }
        }
        var (left, stillOpen) = (Set(candidates), Set(open))
        for (row, column) in Assignment.pairs(costs, limit: 1 - leastOverlap) {
            let (candidate, track) = (candidates[row], open[column])
            self.tracks[track].motion.correct(with: detections[candidate].box)
            detections[candidate].trackId = self.tracks[track].id
            left.remove(candidate)
            stillOpen.remove(track)
        }
        open.removeAll { !stillOpen.contains($0) }
        return candidates.filter(left.contains)
    }

    private mutating func markSeen(_ id: Int?) {
        guard let id, let index = self.tracks.firstIndex(where: { $0.id == id }) else { return }
        self.tracks[index].unseen = 0
    }

    private mutating func begin(_ detection: Detection) -> Int {
        self.count += 1
        self.tracks.append(
            Track(id: self.count, label: detection.label, motion: BoxMotion(startingAt: detection.box)))
        return self.count
    }
}
