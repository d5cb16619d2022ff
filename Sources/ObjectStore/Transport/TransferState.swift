internal import Blocking
import Crypto

/// What one transfer reads and collects while libcurl calls back; used by one thread at a time.
final class TransferState {
    private let upload: UploadBody?
    private let download: OpenFile?
    private let answerLimit: Int
    private let cancellation: Cancellation
    private var sentByteCount: Int64 = 0
    private var sentDigest = SHA256()

    private var receivedByteCount: Int64 = 0
    private var receivedDigest = SHA256()

    private var status = 0
    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    /// Why a callback made libcurl stop, when one did.
    private(set) var failure: TransferError?

    init(_ request: TransferRequest, answerLimit: Int, cancellation: Cancellation) {
        self.upload = request.upload
        self.download = request.download
        self.answerLimit = answerLimit
        self.cancellation = cancellation
    }

    /// Whether the transfer continues.
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
            let count = try unsafe upload.source.read(into: window, at: self.sentByteCount)
            unsafe self.sentDigest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: window[..<count]))
            self.sentByteCount += Int64(count)
            let isWhole = self.sentByteCount == upload.byteCount
            guard count > 0, !isWhole || self.sentDigest.finalize().hexadecimalDigits == upload.sha256 else {
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

    /// Empties the file that takes the answer: an earlier attempt may have begun to fill it.
    func prepareDownload() throws(TransferError) {
        guard let download else { return }
        do {
            try download.empty()
        } catch {
            throw TransferError(code: .fileUnwritable, message: "\(error.call): \(error.reason)")
        }
    }

    /// What went into the file; `nil` when the answer was not for it.
    var downloaded: TransferResponse.Downloaded? {
        guard self.download != nil, self.isDownloading else { return nil }
        return .init(byteCount: self.receivedByteCount, sha256: self.receivedDigest.finalize().hexadecimalDigits)
    }

    private var isDownloading: Bool { self.status == 200 }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if let download, self.isDownloading { return unsafe self.write(bytes, to: download) }
        guard self.body.count + bytes.count <= self.answerLimit else {
            self.failure = TransferError(code: .badAnswer, message: "the answer is too long")
            return false
        }
        unsafe self.body.append(contentsOf: bytes)
        return true
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to file: OpenFile) -> Bool {
        do {
            try unsafe file.append(bytes)
            unsafe self.receivedDigest.update(bufferPointer: bytes)
            self.receivedByteCount += Int64(bytes.count)
            return true
        } catch {
            self.failure = TransferError(code: .fileUnwritable, message: "\(error.call): \(error.reason)")
            return false
        }
    }

    func receiveHeader(_ line: String) {
        if line.hasPrefix("HTTP/") {
            // What came before belonged to an interim answer such as 100 Continue.
            self.headers.removeAll()
            self.status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
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
