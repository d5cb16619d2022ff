internal import CMongo

/// The three ways in which a command reaches the server. All block until it answers.
extension Client {
    /// Runs a command that changes nothing; repeated once by the library when the connection is lost.
    borrowing func read(_ command: BSONDocument, on database: String, call: String) throws(StoreError) -> BSONDocument {
        try unsafe Self.withNative(command) { (native) throws(StoreError) in
            try unsafe Self.reply(to: call) { (reply, error) throws(StoreError) in
                unsafe mongoc_client_read_command_with_opts(self.pointer, database, native, nil, nil, reply, &error)
            }
        }
    }

    /// Runs a command that writes, with the pool's write concern.
    ///
    /// The reply may still carry `writeErrors`, which are no failure of the command itself.
    borrowing func write(_ command: BSONDocument, on database: String, call: String) throws(StoreError) -> BSONDocument
    {
        try unsafe Self.withNative(command) { (native) throws(StoreError) in
            try unsafe Self.reply(to: call) { (reply, error) throws(StoreError) in
                unsafe mongoc_client_write_command_with_opts(self.pointer, database, native, nil, reply, &error)
            }
        }
    }

    /// Runs `open` on a collection and collects every document of the cursor that it returns.
    ///
    /// No cursor outlives the lease: a cursor belongs to its client.
    borrowing func collect(
        from collection: String, of database: String, call: String, _ open: (OpaquePointer) -> OpaquePointer?
    ) throws(StoreError) -> [BSONDocument] {
        let source = unsafe mongoc_client_get_collection(self.pointer, database, collection)
        defer { unsafe mongoc_collection_destroy(source) }
        guard let source = unsafe source, let cursor = unsafe open(source) else {
            throw StoreError(.refused, call: call, message: "libmongoc opened no cursor")
        }
        defer { unsafe mongoc_cursor_destroy(cursor) }
        var documents: [BSONDocument] = []
        var current: OpaquePointer?
        while unsafe mongoc_cursor_next(cursor, &current) {
            guard let current = unsafe current else { break }
            documents.append(unsafe try Self.document(copying: current))
        }
        var error = bson_error_t()
        var details: OpaquePointer?
        if unsafe mongoc_cursor_error_document(cursor, &error, &details) {
            let reply: BSONDocument =
                if let details = unsafe details { unsafe try Self.document(copying: details) } else { [:] }
            throw StoreError(error, call: call, reply: reply)
        }
        return documents
    }
}
