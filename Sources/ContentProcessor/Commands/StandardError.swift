import Glibc

/// Lines for the person at the terminal; the log goes there, too.
enum StandardError {
    static func write(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        // A closed terminal is no reason to fail.
        _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
