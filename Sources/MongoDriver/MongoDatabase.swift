internal import Blocking
internal import Tracing

/// One database: a pool of connections and the threads that use them.
///
/// Made once at the start and handed to everyone; every method may be called from any task, and up to
/// ``MongoConfiguration/clientCount`` commands run at once. The connections close when the last reference goes.
public final class MongoDatabase: Sendable {
    /// The database's name on the server.
    public let name: String
    /// Exactly as many threads as clients: a thread that has work always finds a client free, and more threads would
    /// only queue for one. The threads own the clients: the last to end closes the pool.
    private let threads: BlockingThreadPool<ClientPool>

    /// Checks the configuration and starts the threads; connects with the first command, such as ``ping()``.
    ///
    /// Throws `.refused` for a URI or option that cannot be used.
    public init(_ configuration: MongoConfiguration) throws(StoreError) {
        self.name = configuration.databaseName
        let clients = try ClientPool(configuration)
        self.threads = BlockingThreadPool(count: configuration.clientCount, label: "mongo") { clients }
    }

    /// A collection of the database, which needs not exist yet.
    public func collection(_ name: String) -> MongoCollection {
        MongoCollection(name: name, database: self)
    }

    /// Runs a command that changes nothing.
    package func read(_ command: BSONDocument, call: String) async throws(StoreError) -> BSONDocument {
        try await self.withClient(for: call) { [name] (client) throws(StoreError) in
            try client.read(command, on: name, call: call)
        }
    }

    /// Runs a command that writes.
    func write(_ command: BSONDocument, call: String) async throws(StoreError) -> BSONDocument {
        try await self.withClient(for: call) { [name] (client) throws(StoreError) in
            try client.write(command, on: name, call: call)
        }
    }

    /// Runs `body` with a client, for commands that need more than one call of the library.
    ///
    /// - Parameter call: names the command in the trace: a span from the wait for a thread to the answer.
    func withClient<Result: Sendable>(
        for call: String, _ body: @escaping @Sendable (borrowing Client) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let span = startSpan(call, ofKind: .client)
        defer { span.end() }
        span.attributes["db.system.name"] = "mongodb"
        span.attributes["db.namespace"] = self.name
        do throws(StoreError) {
            return try await self.threads.run { (clients) throws(StoreError) in try clients.withClient(body) }
        } catch {
            span.recordError(error)
            throw error
        }
    }
}
