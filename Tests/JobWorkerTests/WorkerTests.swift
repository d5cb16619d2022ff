import Domain
import JobWorker
import TestSupport
import Testing

@Suite struct WorkerTests {
}
