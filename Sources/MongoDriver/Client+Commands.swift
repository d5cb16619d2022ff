internal import CMongo

/// The ways in which a command reaches the server. All block until it answers.
extension Client {
    /// Runs a command that changes nothing; repeated once by the library when the connection is lost.
    borrowing func read(_ command: BSONDocument, on database: String, call: String) throws(StoreError) -> BSONDocument {
        try unsafe Self.withNative(command) { (native) throws(StoreError) in
            try unsafe Self.reply(to: call) { (reply, error) in
                unsafe mongoc_client_read_command_with_opts(self.pointer, database, native, nil, nil, reply, &error)
            }
        }
    }

    /// Runs a command that writes, with the pool's write concern.
    ///
    /// Of the commands that change documents only `findAndModify` may go this way: the library repeats it exactly once
    /// after a lost connection, but the others only when they use its own functions; see ``withCollection(_:of:_:)``.
    borrowing func write(_ command: BSONDocument, on database: String, call: String) throws(StoreError) -> BSONDocument
    {
        try unsafe Self.withNative(command) { (native) throws(StoreError) in
            try unsafe Self.reply(to: call) { (reply, error) in
                unsafe mongoc_client_write_command_with_opts(self.pointer, database, native, nil, reply, &error)
            }
        }
    }

    /// Lends the library's handle on a collection to `body`.
    borrowing func withCollection<Result>(
        _ collection: String, of database: String, _ body: (OpaquePointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        guard let source = unsafe mongoc_client_get_collection(self.pointer, database, collection) else {
            throw StoreError(.refused, call: collection, message: "libmongoc opened no collection")
        }
        defer { unsafe mongoc_collection_destroy(source) }
        return try unsafe body(source)
    }

    /// Runs `open` on a collection and collects every document of the cursor that it returns.
    ///
    /// No cursor outlives the lease: a cursor belongs to its client.
    borrowing func collect(
        from collection: String, of database: String, call: String, _ open: (OpaquePointer) -> OpaquePointer?
    ) throws(StoreError) -> [BSONDocument] {
        try unsafe self.withCollection(collection, of: database) { (source) throws(StoreError) in
            guard let cursor = unsafe open(source) else {
                throw StoreError(.refused, call: call, message: "libmongoc opened no cursor")
            }
            defer { unsafe mongoc_cursor_destroy(cursor) }
            var documents: [BSONDocument] = []
            var current: OpaquePointer?
            while unsafe mongoc_cursor_next(cursor, &current) {
                guard let current = unsafe current else { break }
                documents.append(unsafe try Self.document(copying: current))
            }
            try unsafe Self.checkEnd(of: cursor, call: call)
            return documents
        }
    }

    /// Throws when a cursor ended because of an error rather than with its last document.
    private static func checkEnd(of cursor: OpaquePointer, call: String) throws(StoreError) {
        var error = bson_error_t()
        var details: OpaquePointer?
        guard unsafe mongoc_cursor_error_document(cursor, &error, &details) else { return }
        guard let details = unsafe details else { throw StoreError(error, call: call) }
        throw StoreError(error, call: call, reply: unsafe try Self.document(copying: details))
    }
}
