import Domain
import InMemoryTracing
import JobWorker
import MongoStore
import Testing
import Tracing

/// What a tracer that the operator's program installs is told.
@Suite struct TracingTests {
    /// For all tests of this process, since a process has one.
    private static let tracer: InMemoryTracer = {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()

    @Test func aWorkItemIsASpanAndItsDatabaseCommandsAreBelowIt() async throws {
        let tracer = Self.tracer
        try await WorkerFixture.run { fixture in
            let job = try await fixture.queuedJob()
            let handler = TestHandler(fixture, parts: 1) { _, attempt, _ in
                if attempt == 0 { throw WorkFailure.attempt(500, "Odd.") }
            }
            _ = try await fixture.finish(job, by: handler)
            let own = tracer.finishedSpans.filter { $0.attributes["job.id"]?.toSpanAttribute() == .string("\(job.id)") }
            let names = own.map(\.operationName)
            #expect(names.contains("processContent plan"))
            #expect(names.filter { $0 == "processContent part" }.count == 2)
            #expect(names.contains("processContent finish"))
            // The attempt that failed says so.
            let attempts = own.filter { $0.operationName == "processContent part" }
            #expect(attempts.map(\.errors.count).sorted() == [0, 1])
            let plan = try #require(own.first { $0.operationName == "processContent plan" })
            let commands = tracer.finishedSpans.filter { $0.parentSpanID == plan.spanID }.map(\.operationName)
            #expect(commands.contains("insert ContentJobUnit"))
            #expect(commands.contains("update ContentJob"))
        }
    }
}
