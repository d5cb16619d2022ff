import Glibc

/// Lines for the person at the terminal; the log goes there, too.
package enum StandardError {
    package static func write(_ line: String, terminator: String = "\n") {
        let bytes = Array("\(line)\(terminator)".utf8)
        // A closed terminal is no reason to fail.
        _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Characters in a line of the terminal; `nil` where there is none.
    package static var columnCount: Int? {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        var size = winsize()
        let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
        return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }
}
