import HTTPTypes
import Hummingbird
import NIOCore
import RequestForm

/// The fields of a request's body: a form, multipart or JSON of a bounded size that arrives in a bounded time.
enum BodyFields {
    /// How long a client may take to send a body of at most 64 KiB.
    private static let timeLimit = Duration.seconds(20)

    /// - Parameter limit: of the body, in bytes.
    /// - Throws: ``Problem`` with 400, 408, 413 or 415.
    static func read(_ request: Request, limit: Int) async throws -> [String: String] {
        let body: ByteBuffer
        do {
            body = try await self.withinTimeLimit { try await request.body.collect(upTo: limit) }
        } catch is NIOTooManyBytesError {
            throw Problem(413, "The body has more than \(limit) bytes.")
        }
        do {
            return try RequestForm(contentType: request.headers[.contentType], body: Array(body.readableBytesView))
                .fields
        } catch {
            throw Problem(error)
        }
    }

    /// What `body` gives, or 408 when it takes longer: somebody who sends a byte now and then holds no connection.
    private static func withinTimeLimit<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: Self.timeLimit)
                throw Problem(408, "The body did not arrive within 20 seconds.")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
