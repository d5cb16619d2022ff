/// Which frames of a task are augmented, and how: drawn from the version, the frame and the type, so that every build
/// of a version makes the same pictures.
package struct AugmentationPlan: Sendable {
    package let versionId: ObjectID
    package let augmentations: [Augmentation]
    /// Of a task's frames, 0 … 1; at least one is taken.
    package let share: Double

    package init(versionId: ObjectID, augmentations: [Augmentation], share: Double) {
        self.versionId = versionId
        self.augmentations = augmentations
        self.share = share
    }

    /// The changes of each chosen frame.
    ///
    /// - Parameter frames: `frameId`s of the task's frames in the version.
    package func changes(ofTask task: ObjectID, frames: [Int]) -> [Int: [AugmentationType: PictureChange]] {
        var changes: [Int: [AugmentationType: PictureChange]] = [:]
        guard !frames.isEmpty else { return changes }
        let count = min(frames.count, max(1, Int((self.share * Double(frames.count)).rounded())))
        for augmentation in self.augmentations {
            let ranked = frames.map { (frame: $0, rank: self.draws(task, $0, augmentation, "choice").first) }
                .sorted { ($0.rank, $0.frame) < ($1.rank, $1.frame) }
            for (frame, _) in ranked.prefix(count) {
                var draws = self.draws(task, frame, augmentation, "values").draws
                changes[frame, default: [:]][augmentation.type] = PictureChange(augmentation, drawing: &draws)
            }
        }
        return changes
    }

    private func draws(
        _ task: ObjectID, _ frame: Int, _ augmentation: Augmentation, _ purpose: String
    ) -> (draws: SeededDraws, first: UInt64) {
        let draws = SeededDraws("\(self.versionId)", "\(task)", "\(frame)", augmentation.type.rawValue, purpose)
        var copy = draws
        return (draws, copy.next())
    }
}
