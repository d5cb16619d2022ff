internal import Glibc
package import Logging

/// Writes each event as one line to standard error.
///
/// A line goes out in one call, so that lines of several processes that share a file or a pipe do not mix.
package struct LineLogHandler: LogHandler {
    package enum Format: String, Sendable {
        case text, json
    }

    private let source: String
    private let format: Format
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]

    /// - Parameter source: the program and its role.
    package init(source: String, format: Format, level: Logger.Level) {
        self.source = source
        self.format = format
        self.logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = self.metadata.merging(event.metadata ?? [:]) { _, own in own }
        let line = EventLine(
            time: EventLine.now, level: event.level.rawValue, source: self.source, message: "\(event.message)",
            fields: fields.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") })
        Self.write(self.format == .json ? line.json : line.text)
    }

    private static func write(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        // A log that nobody takes is no reason to fail.
        _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
