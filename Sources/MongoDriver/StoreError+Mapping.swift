internal import CMongo

extension StoreError {
    /// Translates what a call of libmongoc reported.
    ///
    /// - Parameter reply: the server's answer, which knows more about duplicates; empty when there was none.
    init(_ error: bson_error_t, call: String, reply: BSONDocument = [:]) {
        let message = unsafe withUnsafeBytes(of: error.message) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let code = Self.code(domain: error.domain, status: error.code)
        self.init(
            code, call: call, domain: error.domain, status: error.code, message: message,
            duplicate: code == .duplicateKey ? DuplicateKey(reply.writeErrors.first ?? reply, message: message) : nil)
    }

    /// The one table from libmongoc's and the server's numbers to ``Code``.
    static func code(domain: UInt32, status: UInt32) -> Code {
        switch mongoc_error_domain_t(domain) {
        case MONGOC_ERROR_STREAM, MONGOC_ERROR_SERVER_SELECTION: .unavailable
        case MONGOC_ERROR_SASL, MONGOC_ERROR_SCRAM: .denied
        case MONGOC_ERROR_CLIENT where status == MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue: .denied
        case MONGOC_ERROR_BSON: .invalid
        case MONGOC_ERROR_SERVER, MONGOC_ERROR_WRITE_CONCERN: Self.serverCodes[status] ?? .refused
        default: .refused
        }
    }

    /// What one entry of ``BSONDocument/writeErrors`` means.
    static func code(writeError: BSONDocument) -> Code {
        Self.code(
            domain: MONGOC_ERROR_SERVER.rawValue, status: UInt32(clamping: writeError["code"]?.intValue ?? 0))
    }

    /// Numbers of MongoDB's `error_codes.yml`; those not listed are ``Code/refused``.
    private static let serverCodes: [UInt32: Code] = [
        // DuplicateKey, its old forms
        11000: .duplicateKey, 11001: .duplicateKey, 12582: .duplicateKey,
        // Unauthorized, AuthenticationFailed
        13: .denied, 18: .denied,
        // BSONObjectTooLarge
        10334: .invalid,
        // HostUnreachable, HostNotFound, NetworkTimeout, SocketException
        6: .unavailable, 7: .unavailable, 89: .unavailable, 9001: .unavailable,
        // ShutdownInProgress, InterruptedAtShutdown, InterruptedDueToReplStateChange
        91: .unavailable, 11600: .unavailable, 11602: .unavailable,
        // PrimarySteppedDown, NotWritablePrimary, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary
        189: .unavailable, 10107: .unavailable, 13435: .unavailable, 13436: .unavailable,
        // LockTimeout, MaxTimeMSExpired, WriteConcernTimeout, WriteConflict, ExceededTimeLimit
        24: .unavailable, 50: .unavailable, 64: .unavailable, 112: .unavailable, 262: .unavailable,
        // CursorKilled, QueryPlanKilled, CursorNotFound: a read that was cut off
        237: .unavailable, 175: .unavailable, 43: .unavailable,
    ]
}

extension StoreError.DuplicateKey {
    /// Servers from 4.4 on name the fields in `keyPattern`; the index's name is only in the text, as
    /// `… index: NAME dup key: …`.
    init(_ details: BSONDocument, message: String) {
        self.fields = details["keyPattern"]?.documentValue?.keys ?? []
        if let start = message.firstRange(of: "index: ")?.upperBound,
            let end = message[start...].firstRange(of: " dup key")?.lowerBound
        {
            self.indexName = String(message[start..<end])
        } else {
            self.indexName = nil
        }
    }
}

extension BSONDocument {
    /// The entries of a write's reply that name refused documents.
    var writeErrors: [BSONDocument] {
        self["writeErrors"]?.arrayValue?.compactMap(\.documentValue) ?? []
    }
}
