import Domain
internal import Blocking

/// Finds what moves: pixels that differ from the clip's background, in connected regions. Needs no model.
///
/// Everything is called ``label``; a version's label mapping gives it the project's name.
package struct MotionEngine: DetectionEngine {
    package let inputWidth = 224
    package let inputHeight = 224
    /// Enough for most objects to leave their place, so that the median of a batch is the background.
    package let batchCount = 48

    /// What the engine calls every region.
    package static let label = "object"

    package init() {}

    package func makeDetector() -> any ClipDetector { MotionDetector() }
}

/// Works with one clip's background, which its first batch begins.
private actor MotionDetector: ClipDetector {
    private nonisolated let executor = BlockingExecutor(label: "autoannotation.motion")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private var background: LumaPlane?

    func detect(in batch: PictureBatch) throws(EngineError) -> [[Detection]] {
        guard !Task.isCancelled else { throw EngineError(.cancelled, "The annotation was cancelled.") }
        let planes = (0..<batch.count).map { LumaPlane(of: $0, in: batch) }
        let background = LumaPlane.median(of: planes, remembering: self.background)
        self.background = background
        return zip(planes, batch.placements).map { plane, placement in
            MotionMask(plane, against: background).regions().map { region in
                Detection(
                    box: placement.pictureBox(region.box), label: MotionEngine.label, confidence: region.confidence)
            }
        }
    }
}
