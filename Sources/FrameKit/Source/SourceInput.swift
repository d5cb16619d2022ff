internal import CFFmpeg
import Glibc

/// FFmpeg's view of a ``SourceFile``: one reading position and its buffer.
///
/// Used by one demuxer, on that demuxer's thread.
@safe
final class SourceInput {
    private static let bufferByteCount: Int32 = 1 << 16
    /// FFmpeg's value of `whence` that asks for the size instead of moving.
    private static let asksForSize = AVSEEK_SIZE

    private let source: SourceFile
    private var offset: Int64 = 0
    private var context: UnsafeMutablePointer<AVIOContext>?
    /// The first failure of a read, which FFmpeg itself may mistake for the end of the file.
    private(set) var failure: MediaError?

    init(reading source: SourceFile) throws(MediaError) {
        self.source = source
        let buffer = try unsafe MediaError.allocated(av_malloc(Int(Self.bufferByteCount)), by: "av_malloc")
        unsafe self.context = avio_alloc_context(
            buffer.assumingMemoryBound(to: UInt8.self), Self.bufferByteCount, 0,
            Unmanaged.passUnretained(self).toOpaque(),
            { opaque, bytes, count in unsafe SourceInput.of(opaque).read(into: bytes, count: count) }, nil,
            { opaque, offset, whence in unsafe SourceInput.of(opaque).seek(to: offset, whence: whence) })
        if unsafe self.context == nil {
            unsafe av_free(buffer)
            throw MediaError(.outOfMemory, "memory ran out", from: "avio_alloc_context")
        }
    }

    deinit {
        guard let context = unsafe self.context else { return }
        unsafe av_freep(&context.pointee.buffer)
        unsafe avio_context_free(&self.context)
    }

    /// Lets `format` read from here. The input must outlive it.
    func attach(to format: UnsafeMutablePointer<AVFormatContext>) {
        unsafe format.pointee.pb = self.context
    }

    private static func of(_ opaque: UnsafeMutableRawPointer?) -> SourceInput {
        guard let opaque = unsafe opaque else { preconditionFailure("the input was attached with itself as context") }
        return unsafe Unmanaged<SourceInput>.fromOpaque(opaque).takeUnretainedValue()
    }

    private func read(into bytes: UnsafeMutablePointer<UInt8>?, count: Int32) -> Int32 {
        // Long index rebuilds happen inside one FFmpeg call, so cancellation is noticed here too.
        guard !Task.isCancelled else { return cffmpeg_error_exit }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
        let readCount = unsafe self.source.read(into: buffer, at: self.offset)
        guard readCount >= 0 else {
            let message = "\(self.source.name) cannot be read at byte \(self.offset)"
            self.failure = self.failure ?? MediaError(.inputOutput, message, from: "pread", status: errno)
            return cffmpeg_error_io
        }
        guard readCount > 0 else { return cffmpeg_error_eof }
        self.offset += Int64(readCount)
        return Int32(readCount)
    }

    private func seek(to offset: Int64, whence: Int32) -> Int64 {
        let byteCount = self.source.identity.byteCount
        switch whence & ~AVSEEK_FORCE {
        case Self.asksForSize: return byteCount
        case SEEK_SET: self.offset = offset
        case SEEK_CUR: self.offset += offset
        case SEEK_END: self.offset = byteCount + offset
        default: return Int64(cffmpeg_error_invalid_argument)
        }
        return self.offset
    }
}
