internal import Blocking
internal import CCurl
import Glibc

/// One libcurl handle with the connections that it keeps open; used by one thread at a time.
@safe
final class CurlHandle {
    private let handle: UnsafeMutableRawPointer
    private let limits: TransferLimits
    private let caFile: String?

    /// libcurl's own, once for the process; Swift makes it safe from several threads.
    private static let initialization: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// - Parameter caFile: certificates (PEM) to trust instead of the system's.
    init(limits: TransferLimits, caFile: String?) throws(TransferError) {
        try TransferError.check(Self.initialization)
        guard let handle = unsafe curl_easy_init() else { throw TransferError(CURLE_FAILED_INIT) }
        unsafe self.handle = unsafe handle
        self.limits = limits
        self.caFile = caFile
    }

    deinit { unsafe curl_easy_cleanup(self.handle) }

    /// Sends `request` and returns the answer, whatever its status. Blocks.
    ///
    /// - Parameter limit: the longest that the whole transfer may take.
    /// - Throws: ``TransferError`` when no complete answer came; within a second of a cancellation.
    func perform(
        _ request: TransferRequest, within limit: Duration, until cancellation: Cancellation
    ) throws(TransferError) -> TransferResponse {
        guard !cancellation.isRequested else { throw .cancelled }
        let transfer = TransferState(
            request, answerLimit: self.limits.answerByteCount, cancellation: cancellation)
        try transfer.prepareDownload()
        // The options go, with their pointers into this call; the connections stay.
        defer { unsafe curl_easy_reset(self.handle) }
        try self.setLimits(whole: limit)
        try self.setRequest(request)
        return try unsafe HeaderList.make(request.headers).withPointer { fields throws(TransferError) in
            try unsafe TransferError.check(ccurl_set_list(self.handle, CURLOPT_HTTPHEADER, fields))
            return try withExtendedLifetime(transfer) { () throws(TransferError) in
                try self.setCallbacks(transfer)
                return try self.run(transfer)
            }
        }
    }

    private func run(_ transfer: TransferState) throws(TransferError) -> TransferResponse {
        let status = unsafe curl_easy_perform(self.handle)
        if let failure = transfer.failure { throw failure }
        try TransferError.check(status)
        var code = 0
        try unsafe TransferError.check(ccurl_get_long(self.handle, CURLINFO_RESPONSE_CODE, &code))
        return TransferResponse(
            status: code, headers: transfer.headers, body: transfer.body, downloaded: transfer.downloaded)
    }
}

// MARK: - Options

extension CurlHandle {
    private func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
        try unsafe TransferError.check(ccurl_set_long(self.handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(TransferError) {
        try unsafe TransferError.check(ccurl_set_string(self.handle, option, value))
    }

    private func setLimits(whole: Duration) throws(TransferError) {
        // Timeouts raise SIGALRM unless told otherwise.
        try self.set(CURLOPT_NOSIGNAL, 1)
        try self.set(CURLOPT_CONNECTTIMEOUT_MS, self.limits.connect.wholeMilliseconds)
        try self.set(CURLOPT_TIMEOUT_MS, whole.wholeMilliseconds)
        try self.set(CURLOPT_EXPECT_100_TIMEOUT_MS, self.limits.continueWait.wholeMilliseconds)
        try self.set(CURLOPT_LOW_SPEED_LIMIT, self.limits.slowBytesPerSecond)
        try self.set(CURLOPT_LOW_SPEED_TIME, self.limits.slow.wholeMilliseconds / 1_000)
    }

    private func setRequest(_ request: TransferRequest) throws(TransferError) {
        try self.set(CURLOPT_URL, request.url)
        // The signature covers the path and the host as they are: nothing may be tidied or followed.
        try self.set(CURLOPT_PATH_AS_IS, 1)
        try self.set(CURLOPT_FOLLOWLOCATION, 0)
        try self.set(CURLOPT_PROTOCOLS_STR, "http,https")
        // One request at a time on each connection: HTTP/2 has nothing to add.
        try self.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        if let caFile = self.caFile { try self.set(CURLOPT_CAINFO, caFile) }
        switch request.method {
        case .get: try self.set(CURLOPT_HTTPGET, 1)
        case .head: try self.set(CURLOPT_NOBODY, 1)
        case .delete: try self.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .put, .post:
            try self.set(CURLOPT_UPLOAD, 1)
            try self.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            try unsafe TransferError.check(
                ccurl_set_offset(
                    self.handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.upload?.byteCount ?? 0)))
            try self.set(CURLOPT_UPLOAD_BUFFERSIZE, 1 << 16)
        }
    }

    /// Lets libcurl call `transfer`, which must outlive the transfer.
    private func setCallbacks(_ transfer: TransferState) throws(TransferError) {
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        let functions: [(CURLoption, CURLoption, ccurl_data_function)] = unsafe [
            (CURLOPT_READFUNCTION, CURLOPT_READDATA, sendBytes),
            (CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, receiveBytes),
            (CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, receiveHeaderLine),
        ]
        for unsafe(function, data, callback) in unsafe functions {
            try unsafe TransferError.check(ccurl_set_data_function(self.handle, function, callback))
            try unsafe TransferError.check(ccurl_set_context(self.handle, data, context))
        }
        try unsafe TransferError.check(ccurl_set_seek_function(self.handle, rewindBytes))
        try unsafe TransferError.check(ccurl_set_context(self.handle, CURLOPT_SEEKDATA, context))
        // libcurl asks at least once a second, also while nothing moves.
        try self.set(CURLOPT_NOPROGRESS, 0)
        try unsafe TransferError.check(ccurl_set_progress_function(self.handle, askWhetherToProceed))
        try unsafe TransferError.check(ccurl_set_context(self.handle, CURLOPT_XFERINFODATA, context))
    }
}

extension Duration {
    /// Rounded down, at least 1: libcurl takes 0 for "no limit".
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = self.components
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

// MARK: - Callbacks

private func transfer(_ context: UnsafeMutableRawPointer?) -> TransferState? {
    unsafe context.map { unsafe Unmanaged<TransferState>.fromOpaque($0).takeUnretainedValue() }
}

private let sendBytes: ccurl_data_function = { bytes, size, count, context in
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer(context)?.send(into: buffer) ?? Int(CURL_READFUNC_ABORT)
}

private let receiveBytes: ccurl_data_function = { bytes, size, count, context in
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer(context)?.receive(buffer) == true ? buffer.count : 0
}

private let receiveHeaderLine: ccurl_data_function = { bytes, size, count, context in
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    unsafe transfer(context)?.receiveHeader(String(decoding: buffer, as: UTF8.self))
    return buffer.count
}

private let rewindBytes: ccurl_seek_function = { context, offset, origin in
    guard origin == SEEK_SET, offset == 0, let transfer = unsafe transfer(context) else {
        return Int32(CURL_SEEKFUNC_CANTSEEK)
    }
    transfer.rewind()
    return Int32(CURL_SEEKFUNC_OK)
}

private let askWhetherToProceed: ccurl_progress_function = { context, _, _, _, _ in
    unsafe transfer(context)?.proceed() == true ? 0 : 1
}
