internal import CMongo
internal import FoundationEssentials

/// A parsed connection string with the driver's settings in it.
@safe
struct MongoURI: ~Copyable {
    private let pointer: OpaquePointer

    private init(parsing string: String) throws(StoreError) {
        MongoLibrary.start()
        var error = bson_error_t()
        guard let pointer = unsafe mongoc_uri_new_with_error(string, &error) else {
            // The library's sentence may quote the text around an unescaped password.
            let reason = string.contains("@") ? "is its password percent-encoded?" : StoreError(error, call: "").message
            throw StoreError(
                .refused, call: "connect", domain: error.domain, status: error.code,
                message: "the MongoDB URI cannot be read: \(reason)")
        }
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe mongoc_uri_destroy(self.pointer) }

    /// The URI that `configuration` describes.
    ///
    /// Writes wait for a majority, whatever the string says: on a replica set a confirmed document then survives any
    /// change of primary; a standalone server is its own majority. Reads go to the primary with read concern `local`:
    /// who decides inside an atomic update, as everyone should, loses by an old read at most an update that matches
    /// nothing. `retryWrites` stays at the library's default, on: replica sets repeat a write after
    /// a lost connection exactly once, and standalone servers are not asked to.
    static func configured(by configuration: MongoConfiguration) throws(StoreError) -> MongoURI {
        let uri = try MongoURI(parsing: configuration.uri)
        try uri.set(MONGOC_URI_MAXPOOLSIZE, Int32(clamping: configuration.clientCount))
        try uri.setUnlessGiven(
            MONGOC_URI_SERVERSELECTIONTIMEOUTMS, configuration.serverSelectionTimeout.positiveMilliseconds)
        try uri.setUnlessGiven(MONGOC_URI_CONNECTTIMEOUTMS, configuration.connectTimeout.positiveMilliseconds)
        try uri.setUnlessGiven(MONGOC_URI_SOCKETTIMEOUTMS, configuration.answerTimeout.positiveMilliseconds)
        uri.readFromPrimary()
        uri.confirmByMajority(unlessGivenWithin: configuration.confirmationTimeout)
        if !uri.has(MONGOC_URI_APPNAME) {
            guard unsafe mongoc_uri_set_appname(uri.pointer, configuration.applicationName) else {
                throw Self.rejection(of: MONGOC_URI_APPNAME)
            }
        }
        if let file = configuration.tlsCAFile { try uri.trustAuthorities(in: file) }
        return uri
    }

    /// Lends the URI to `body`.
    borrowing func withPointer<Result, Failure: Error>(
        _ body: (OpaquePointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(self.pointer)
    }

    private borrowing func has(_ option: String) -> Bool {
        unsafe mongoc_uri_has_option(self.pointer, option)
    }

    private borrowing func readFromPrimary() {
        let preference = unsafe mongoc_read_prefs_new(MONGOC_READ_PRIMARY)
        defer { unsafe mongoc_read_prefs_destroy(preference) }
        unsafe mongoc_uri_set_read_prefs_t(self.pointer, preference)
    }

    private borrowing func confirmByMajority(unlessGivenWithin timeout: Duration) {
        let concern = unsafe mongoc_write_concern_copy(mongoc_uri_get_write_concern(self.pointer))
        defer { unsafe mongoc_write_concern_destroy(concern) }
        let given = unsafe mongoc_write_concern_get_wtimeout(concern)
        unsafe mongoc_write_concern_set_wmajority(concern, given > 0 ? given : timeout.positiveMilliseconds)
        unsafe mongoc_uri_set_write_concern(self.pointer, concern)
    }

    private borrowing func trustAuthorities(in file: String) throws(StoreError) {
        // The library itself notices only when it connects, and then as a server that is away.
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw StoreError(.refused, call: "connect", message: "the TLS authority file \(file) cannot be read")
        }
        guard unsafe mongoc_uri_set_option_as_utf8(self.pointer, MONGOC_URI_TLSCAFILE, file) else {
            throw Self.rejection(of: MONGOC_URI_TLSCAFILE)
        }
        guard unsafe mongoc_uri_set_option_as_bool(self.pointer, MONGOC_URI_TLS, true) else {
            throw Self.rejection(of: MONGOC_URI_TLS)
        }
    }

    private borrowing func setUnlessGiven(_ option: String, _ value: Int32) throws(StoreError) {
        if !self.has(option) { try self.set(option, value) }
    }

    private borrowing func set(_ option: String, _ value: Int32) throws(StoreError) {
        guard unsafe mongoc_uri_set_option_as_int32(self.pointer, option, value) else {
            throw Self.rejection(of: option)
        }
    }

    private static func rejection(of option: String) -> StoreError {
        StoreError(.refused, call: "connect", message: "the MongoDB option \(option) has a value that is not allowed")
    }
}
