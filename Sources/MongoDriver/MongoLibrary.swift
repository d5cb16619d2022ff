internal import CMongo
internal import Glibc
internal import Synchronization

/// libmongoc's state for the whole process: its start and its log.
package enum MongoLibrary {
    package enum LogLevel: Int, Comparable, Sendable {
        case error, critical, warning, message, info, debug, trace

        package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
    }

    package typealias LogHandler = @Sendable (LogLevel, _ domain: String, _ message: String) -> Void

    /// Where the library's own messages go; nowhere until this is called.
    ///
    /// The handler is called on any thread, under a lock of the library: it must be quick and run no command.
    package static func setLogHandler(_ handler: LogHandler?) {
        Self.logHandler.withLock { $0 = handler }
    }

    private static let logHandler = Mutex<LogHandler?>(nil)

    /// Starts the library once; every pool calls it first. It is not stopped: pools may live as long as the process.
    static func start() { _ = Self.started }

    private static let started: Void = {
        mongoc_init()
        // The library keeps counters for other programs in /dev/shm, where a killed process would leave them for ever.
        _ = unsafe shm_unlink("/mongoc-\(getpid())")
        unsafe mongoc_log_set_handler(
            { level, domain, message, _ in
                guard let handler = MongoLibrary.logHandler.withLock({ $0 }),
                    let level = LogLevel(rawValue: Int(level.rawValue))
                else { return }
                unsafe handler(
                    level, domain.map { unsafe String(cString: $0) } ?? "",
                    message.map { unsafe String(cString: $0) } ?? "")
            }, nil)
    }()
}
