internal import Dispatch
internal import Synchronization

/// Pictures on their way from the thread that decodes them to one that uses them.
///
/// One thread puts in, one takes out, and each waits for the other: only for threads that may block. Either closes the
/// queue, and must, even after an error: the other waits for it.
final class PictureQueue: Sendable {
    private struct State {
        var pictures: [Picture] = []
        var isClosed = false
    }

    /// While one is used and one decoded, one waits. More took memory and made nothing faster.
    private static let capacity = 1

    private let state = Mutex(State())
    private let free = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    init() {
        // A semaphore that starts above 0 must not be freed below its start.
        for _ in 0..<Self.capacity { self.free.signal() }
    }

    /// Adds `picture` at the end as soon as there is room; `false` when the queue is closed.
    func put(_ picture: Picture) -> Bool {
        self.free.wait()
        let isOpen = self.state.withLock { state in
            if !state.isClosed { state.pictures.append(picture) }
            return !state.isClosed
        }
        (isOpen ? self.filled : self.free).signal()
        return isOpen
    }

    /// Takes the first picture as soon as there is one; `nil` when the queue is closed.
    func take() -> Picture? {
        self.filled.wait()
        let picture = self.state.withLock { $0.pictures.isEmpty ? nil : $0.pictures.removeFirst() }
        (picture == nil ? self.filled : self.free).signal()
        return picture
    }

    /// Closes the queue after the pictures that are in it.
    func close() { self.end { _ in } }

    /// Closes the queue at once and drops what is in it.
    func abandon() { self.end { $0.pictures.removeAll() } }

    private func end(_ change: (inout State) -> Void) {
        self.state.withLock { state in
            state.isClosed = true
            change(&state)
        }
        self.free.signal()
        self.filled.signal()
    }
}
