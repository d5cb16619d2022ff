/// One collection of a database: a name to run commands on, free to copy.
///
/// All commands are asynchronous, may be called from any task, and throw ``StoreError``.
package struct MongoCollection: Sendable {
    package let name: String
    let database: MongoDatabase

    /// Runs a command whose first field is its own name with this collection's.
    func read(_ command: String, _ fields: BSONDocument) async throws(StoreError) -> BSONDocument {
        try await self.database.read(self.document(command, fields), call: self.call(command))
    }

    /// As ``read(_:_:)`` for a command that writes; throws the first of its write errors.
    func write(_ command: String, _ fields: BSONDocument) async throws(StoreError) -> BSONDocument {
        let reply = try await self.writeKeepingErrors(command, fields)
        if let first = reply.writeErrors.first { throw StoreError(writeError: first, call: self.call(command)) }
        return reply
    }

    /// As ``write(_:_:)``, with the write errors left in the reply.
    func writeKeepingErrors(_ command: String, _ fields: BSONDocument) async throws(StoreError) -> BSONDocument {
        try await self.database.write(self.document(command, fields), call: self.call(command))
    }

    /// What errors of this command are called.
    func call(_ command: String) -> String { "\(command) \(self.name)" }

    private func document(_ command: String, _ fields: BSONDocument) -> BSONDocument {
        let head: BSONDocument = [command: .string(self.name)]
        return head.merging(fields)
    }
}

extension BSONDocument {
    /// The entries of a write reply that name refused documents.
    var writeErrors: [BSONDocument] {
        self["writeErrors"]?.arrayValue?.compactMap(\.documentValue) ?? []
    }
}
