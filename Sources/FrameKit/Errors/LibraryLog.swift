internal import CFFmpeg
import Glibc
import Synchronization

/// Keeps FFmpeg from writing to standard error, and remembers what it would have said.
///
/// FFmpeg logs from whichever thread calls it, so the last message is kept with its thread and given only to errors
/// that are made there.
enum LibraryLog {
    private static let last = Mutex<(thread: pthread_t, text: String)?>(nil)

    /// Installs the callback, once for the process. Every door into FFmpeg passes here first.
    static func install() { _ = self.installed }

    private static let installed: Void = unsafe av_log_set_callback { object, level, format, arguments in
        guard level <= AV_LOG_ERROR, let arguments = unsafe arguments else { return }
        var line = [CChar](repeating: 0, count: 512)
        var printsPrefix: Int32 = 1
        let byteCount = Int32(line.count)
        _ = unsafe av_log_format_line2(object, level, format, arguments, &line, byteCount, &printsPrefix)
        LibraryLog.remember(String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    private static func remember(_ line: String) {
        let text = line.split(whereSeparator: \.isNewline).joined(separator: " ")
        let thread = pthread_self()
        self.last.withLock { $0 = (thread, text) }
    }

    /// The last error line that FFmpeg logged on this thread since the previous call.
    static func takeLastMessage() -> String? {
        let thread = pthread_self()
        return self.last.withLock { last in
            guard let message = last, pthread_equal(message.thread, thread) != 0 else { return nil }
            last = nil
            return message.text
        }
    }
}
