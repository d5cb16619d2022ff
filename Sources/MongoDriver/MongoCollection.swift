/// One collection of a database: a name to run commands on, free to copy.
///
/// All commands are asynchronous, may be called from any task, and throw ``StoreError``.
public struct MongoCollection: Sendable {
    /// The collection's name in its database.
    public let name: String
    let database: MongoDatabase

    /// Runs a command whose first field is its own name with this collection's.
    func read(_ command: String, _ fields: BSONDocument) async throws(StoreError) -> BSONDocument {
        try await self.database.read(self.document(command, fields), call: self.call(command))
    }

    /// As ``read(_:_:)`` for a command that writes.
    func write(_ command: String, _ fields: BSONDocument) async throws(StoreError) -> BSONDocument {
        try await self.database.write(self.document(command, fields), call: self.call(command))
    }

    /// Lends a client and the library's handle on this collection to `body`, on one of the database's threads.
    func withHandle<Result: Sendable>(
        for call: String, _ body: @escaping @Sendable (OpaquePointer) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        try await self.database.withClient(for: call) {
            [name, database = self.database.name] (client) throws(StoreError) in
            try unsafe client.withCollection(name, of: database, body)
        }
    }

    /// What errors of this command are called.
    func call(_ command: String) -> String { "\(command) \(self.name)" }

    private func document(_ command: String, _ fields: BSONDocument) -> BSONDocument {
        let head: BSONDocument = [command: .string(self.name)]
        return head.merging(fields)
    }
}
