internal import CMongo

/// A thread-safe pool of connections. Clients it lends keep it alive.
@safe
final class ClientPool: @unchecked Sendable {
    // Sendable: `mongoc_client_pool_t` locks itself; only its destructor does not, and ARC runs that once, after the
    // last lease has gone.
    private let pointer: OpaquePointer

    /// Connects to nothing yet: an unreachable server shows at the first command.
    init(_ configuration: MongoConfiguration) throws(StoreError) {
        var error = bson_error_t()
        let uri = try MongoURI.configured(by: configuration)
        guard let pool = unsafe uri.withPointer({ unsafe mongoc_client_pool_new_with_error($0, &error) }) else {
            throw StoreError(error, call: "connect")
        }
        // Version 2 reports the server's own numbers, which the mapping table needs.
        unsafe mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2)
        unsafe self.pointer = unsafe pool
    }

    /// Waits for the library's monitoring threads, so the last owner should be one of the database's own threads.
    deinit { unsafe mongoc_client_pool_destroy(self.pointer) }

    /// Lends a client to `body`, on this thread, and takes it back on every path.
    ///
    /// Blocks while all clients are out: call it only from the database's threads.
    func withClient<Result, Failure: Error>(
        _ body: (borrowing Client) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let client = unsafe Client(pointer: mongoc_client_pool_pop(self.pointer), pool: self)
        return try body(client)
    }

    fileprivate func takeBack(_ client: OpaquePointer) {
        unsafe mongoc_client_pool_push(self.pointer, client)
    }
}

/// A borrowed connection: usable by one thread, and returned when it goes.
@safe
struct Client: ~Copyable {
    let pointer: OpaquePointer
    private let pool: ClientPool

    fileprivate init(pointer: OpaquePointer, pool: ClientPool) {
        unsafe self.pointer = unsafe pointer
        self.pool = pool
    }

    deinit { unsafe self.pool.takeBack(self.pointer) }
}
