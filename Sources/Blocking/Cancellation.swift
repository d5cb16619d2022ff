internal import Synchronization

/// Whether the Swift task behind a blocking call was cancelled; asked from the thread that runs the call.
package final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    package var isRequested: Bool { self.flag.load(ordering: .relaxed) }

    package func request() { self.flag.store(true, ordering: .relaxed) }
}
