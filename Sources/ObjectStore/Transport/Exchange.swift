import Crypto

/// What one transfer reads and collects while libcurl calls back; used by one thread at a time.
final class Exchange {
    private let upload: Upload?
    private let answerLimit: Int
    private let cancellation: Cancellation
    private var sentByteCount: Int64 = 0
    private var sentDigest = SHA256()

    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    /// Why a callback made libcurl stop, when one did.
    private(set) var failure: TransferError?

    init(upload: Upload?, answerLimit: Int, cancellation: Cancellation) {
        self.upload = upload
        self.answerLimit = answerLimit
        self.cancellation = cancellation
    }

    /// Whether the transfer goes on.
    func proceed() -> Bool {
        guard self.cancellation.isRequested else { return true }
        self.failure = .cancelled
        return false
    }

    /// Fills `buffer` with the next bytes of the file; `nil` aborts the transfer.
    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let upload, self.proceed() else { return nil }
        let wanted = Int(min(Int64(buffer.count), upload.byteCount - self.sentByteCount))
        guard wanted > 0 else { return 0 }
        do {
            let window = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
            let count = try unsafe upload.file.read(into: window, at: self.sentByteCount)
            unsafe self.sentDigest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: window[..<count]))
            self.sentByteCount += Int64(count)
            let isWhole = self.sentByteCount == upload.byteCount
            guard count > 0, !isWhole || hexadecimal(self.sentDigest.finalize()) == upload.sha256 else {
                self.failure = TransferError(code: .fileUnreadable, message: ObjectMetadata.digestMismatch)
                return nil
            }
            return count
        } catch {
            self.failure = TransferError(code: .fileUnreadable, message: "\(error.call): \(error.reason)")
            return nil
        }
    }

    /// Goes back to the first byte, because libcurl has to send the body again on a fresh connection.
    func rewind() {
        self.sentByteCount = 0
        self.sentDigest = SHA256()
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard self.body.count + bytes.count <= self.answerLimit else {
            self.failure = TransferError(code: .badAnswer, message: "the answer is too long")
            return false
        }
        unsafe self.body.append(contentsOf: bytes)
        return true
    }

    func receiveHeader(_ line: String) {
        guard let colon = line.firstIndex(of: ":") else {
            // A status line: what came before belonged to an interim answer such as 100 Continue.
            if line.hasPrefix("HTTP/") { self.headers.removeAll() }
            return
        }
        let value = line[line.index(after: colon)...]
        self.headers[line[..<colon].lowercased()] = String(value.trimming(while: \.isWhitespace))
    }
}

extension Substring {
    fileprivate func trimming(while isBlank: (Character) -> Bool) -> Substring {
        let start = self.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return start.prefix(0) }
        return start[...last]
    }
}
