internal import CCurl

/// A request's header fields as libcurl takes them; it reads them during the transfer.
@safe
struct HeaderList: ~Copyable {
    private var first: UnsafeMutablePointer<curl_slist>?

    private init() {
        unsafe self.first = nil
    }

    static func make(_ fields: [RequestField]) throws(TransferError) -> HeaderList {
        var list = HeaderList()
        for field in fields { try list.append(field) }
        return list
    }

    deinit { unsafe curl_slist_free_all(self.first) }

    private mutating func append(_ field: RequestField) throws(TransferError) {
        // "name;" is libcurl's way to send a field without value.
        let line = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
        guard let first = unsafe curl_slist_append(self.first, line) else { throw TransferError(CURLE_OUT_OF_MEMORY) }
        unsafe self.first = first
    }

    /// Lends the list to `body`; the pointer dies with it.
    borrowing func withPointer<Result>(
        _ body: (UnsafeMutablePointer<curl_slist>?) throws(TransferError) -> Result
    ) throws(TransferError) -> Result {
        try unsafe body(self.first)
    }
}
