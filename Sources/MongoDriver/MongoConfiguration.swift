/// How to reach a database.
///
/// Options that the URI carries itself win over the durations and the application name given here; read preference
/// and write concern are always the driver's own (primary, majority).
public struct MongoConfiguration: Sendable {
    /// `mongodb://…` or `mongodb+srv://…`; name and password in it are percent-encoded.
    public let uri: String
    /// The database that ``MongoDatabase`` stands for.
    public let databaseName: String
    /// Connections to each server, and threads to use them: at most this many commands run at once. At least 1.
    public var clientCount = 4
    /// A PEM file of the authorities to trust; turns TLS on.
    public var tlsCAFile: String?
    /// Shown in the server's log and in `currentOp`; at most 128 bytes.
    public var applicationName = "MongoDriver"
    /// How long a command waits for a server that can take it before it fails with `.unavailable`.
    public var serverSelectionTimeout = Duration.seconds(5)
    /// How long a connection may take to be made.
    public var connectTimeout = Duration.seconds(5)
    /// How long a command may wait for the answer of a server that is connected.
    public var answerTimeout = Duration.seconds(60)
    /// How long a write waits for a majority to confirm it before it fails with `.unavailable`.
    public var confirmationTimeout = Duration.seconds(10)

    /// How to reach a database, with defaults for all else.
    public init(uri: String, databaseName: String) {
        self.uri = uri
        self.databaseName = databaseName
    }
}

extension Duration {
    /// Whole milliseconds, at least 1: libmongoc reads 0 as its own default.
    var positiveMilliseconds: Int32 {
        let (seconds, attoseconds) = self.components
        return max(1, Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
