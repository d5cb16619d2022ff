internal import Blocking
/// Sees the pictures of a clip, one at a time and in the order of frames.
///
/// `frameNumber` counts the clip's frames from 1, as `frameId` in documents does. Pictures are upright, with square
/// pixels and without the clip's pad. They are decoded two frames ahead: an observer that takes long delays them, and
/// memory stays as it is. It is awaited on no particular thread and must not block a thread of the shared concurrency
/// pool. What it throws ends the work that it observes; so should cancellation of its task.
package typealias PictureObserver = @Sendable (_ picture: Picture, _ frameNumber: Int) async throws -> Void

/// Hands pictures to an observer, waiting for the next ones on a thread of its own.
actor PictureDelivery {
    private nonisolated let executor = BlockingExecutor(label: "framekit.delivery")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// Shows `observer` all of `pictures`, and ends the queue when it throws.
    ///
    /// - Parameter frameNumbers: of the pictures.
    func deliver(
        _ pictures: PictureQueue, ofFrames frameNumbers: some Sequence<Int> & Sendable, to observer: PictureObserver
    ) async throws {
        defer { pictures.abandon() }
        for frameNumber in frameNumbers {
            guard let picture = pictures.take() else { return }
            try await observer(picture, frameNumber)
        }
    }
}
