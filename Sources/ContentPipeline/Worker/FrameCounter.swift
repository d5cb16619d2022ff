internal import Synchronization

/// Frames done by the running unit: written by the encoder's thread, read by the lease's keeper.
final class FrameCounter: Sendable {
    private let count = Atomic<Int>(0)

    var frames: Int { self.count.load(ordering: .relaxed) }

    func set(_ frames: Int) { self.count.store(frames, ordering: .relaxed) }
}
