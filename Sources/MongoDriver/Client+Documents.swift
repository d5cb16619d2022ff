internal import CMongo

/// The single bridge between documents and `bson_t`.
extension Client {
    /// Lends `document` to `body` in libbson's form.
    static func withNative<Result>(
        _ document: BSONDocument, _ body: (OpaquePointer) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let native = unsafe try Self.makeNative(document)
        defer { unsafe bson_destroy(native) }
        return try unsafe body(native)
    }

    /// Lends many documents at once, as the array of pointers that libmongoc takes.
    static func withNatives<Result>(
        _ documents: [BSONDocument], _ body: (UnsafeMutablePointer<OpaquePointer?>) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let natives = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: documents.count)
        unsafe natives.initialize(repeating: nil, count: documents.count)
        defer {
            for position in documents.indices { unsafe bson_destroy(natives[position]) }
            unsafe natives.deallocate()
        }
        for (position, document) in documents.enumerated() {
            unsafe natives[position] = unsafe try Self.makeNative(document)
        }
        return try unsafe body(natives)
    }

    /// The caller destroys what it gets.
    private static func makeNative(_ document: BSONDocument) throws(StoreError) -> OpaquePointer {
        let bytes = try StoreError.translating(document.encoded)
        guard let native = unsafe bson_new_from_data(bytes, bytes.count) else {
            throw StoreError(invalid: "libbson refused \(bytes.count) bytes")
        }
        return unsafe native
    }

    /// Copies a document that libbson owns.
    static func document(copying native: OpaquePointer) throws(StoreError) -> BSONDocument {
        guard let data = unsafe bson_get_data(native) else { throw StoreError(invalid: "libbson has no bytes") }
        // The bytes begin with their own count and lie at any address: cursors lend slices of a whole batch.
        let byteCount = unsafe UnsafeRawPointer(data).loadUnaligned(as: Int32.self).littleEndian
        return try StoreError.translating { () throws(BSONError) in
            try unsafe BSONDocument(copying: UnsafeRawBufferPointer(start: data, count: Int(byteCount)))
        }
    }

    /// Calls `body` with a place for the server's answer, and gives the answer back.
    ///
    /// `body` must call a function that fills the place on success and on failure.
    static func reply(
        to call: String, _ body: (_ reply: OpaquePointer, _ error: inout bson_error_t) -> Bool
    ) throws(StoreError) -> BSONDocument {
        let (reply, failure) = try unsafe Self.attempt(call, body)
        if let failure { throw failure }
        return reply
    }

    /// As ``reply(to:_:)``, with the answer even when the call failed.
    static func attempt(
        _ call: String, _ body: (_ reply: OpaquePointer, _ error: inout bson_error_t) -> Bool
    ) throws(StoreError) -> (reply: BSONDocument, failure: StoreError?) {
        // Swift cannot make a `bson_t` itself: the type is 128-byte aligned.
        let place = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
        defer { unsafe place.deallocate() }
        let native = OpaquePointer(place)
        unsafe bson_init(native)
        var error = bson_error_t()
        let succeeded = unsafe body(native, &error)
        defer { unsafe bson_destroy(native) }
        let reply = unsafe try Self.document(copying: native)
        return (reply, succeeded ? nil : StoreError(error, call: call, reply: reply))
    }
}
