import EventLog
import Logging
import ServiceConfiguration

extension Logger {
    /// The log of this process, as the configuration wants it.
    init(role: String, _ settings: LogSettings) {
        let format: LineLogHandler.Format = settings.format == .json ? .json : .text
        self.init(label: role) { LineLogHandler(source: $0, format: format, level: Logger.Level(settings.level)) }
    }
}

extension Logger.Level {
    /// Both modules name the levels, and neither knows the other.
    fileprivate init(_ level: LogSettings.Level) {
        self = Self(rawValue: level.rawValue) ?? .info
    }
}
