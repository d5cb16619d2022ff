internal import CFFmpeg
import Glibc
import Synchronization

/// What FFmpeg has to say: kept from standard error, remembered for errors, and passed on to whoever listens.
package enum LibraryLog {
    package struct Message: Hashable, Sendable {
        /// Else it is a warning.
        package let isError: Bool
        /// One line, such as "h264: error while decoding MB 3 4", without addresses and control characters.
        package let text: String
    }

    package typealias Receiver = @Sendable (Message) -> Void

    private static let receiver = Mutex<Receiver?>(nil)

    /// FFmpeg logs from whichever thread calls it, so the last error is kept with its thread and given only to errors
    /// that are made there.
    private static let last = Mutex<(thread: pthread_t, text: String)?>(nil)

    /// Sets who gets errors and warnings of the whole process; nobody until this is called.
    ///
    /// It is called on the thread that decodes or encodes, which waits for it.
    package static func setReceiver(_ receiver: Receiver?) { self.receiver.withLock { $0 = receiver } }

    /// Installs the callback and the bound on allocations, once for the process. Every door into FFmpeg passes here
    /// first.
    static func install() {
        _ = self.installed
        _ = self.isBounded
    }

    /// Bytes in one block that FFmpeg may allocate. A table of a container that says it has millions of entries in a
    /// file of some kilobytes is refused here, before it takes gigabytes. Room for one picture of 8192 × 8192 pixels
    /// with four components of 16 bits, and for the packets of two days at 120 frames a second (24 bytes each).
    private static let largestBlock = 640 << 20

    private static let isBounded: Void = av_max_alloc(largestBlock)

    private static let installed: Void = unsafe av_log_set_callback { object, level, format, arguments in
        // Above the lowest byte the level may hold a colour.
        let level = level & 0xFF
        guard level <= AV_LOG_WARNING, let arguments = unsafe arguments else { return }
        var line = [CChar](repeating: 0, count: 512)
        var printsPrefix: Int32 = 1
        let byteCount = Int32(line.count)
        _ = unsafe av_log_format_line2(object, level, format, arguments, &line, byteCount, &printsPrefix)
        let text = LibraryLog.plain(line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)))
        LibraryLog.take(Message(isError: level <= AV_LOG_ERROR, text: text))
    }

    private static func take(_ message: Message) {
        if message.isError {
            let thread = pthread_self()
            self.last.withLock { $0 = (thread, message.text) }
        }
        self.receiver.withLock { $0 }?(message)
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

    /// "[mov @ 0x55d0] [h264 @ 0x55d1] text\n" as "mov: h264: text": addresses tell nobody anything, and make equal
    /// messages differ.
    static func plain(_ line: [UInt8]) -> String {
        var words = String(decoding: line, as: UTF8.self).split { $0.isWhitespace || $0.isControl }[...]
        var names: [Substring] = []
        while let name = words.first, name.hasPrefix("["), words.count > 3, words.dropFirst().first == "@" {
            names.append(name.dropFirst() + ":")
            words = words.dropFirst(3)
        }
        return (names + words).joined(separator: " ")
    }
}

extension Character {
    fileprivate var isControl: Bool {
        self.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
