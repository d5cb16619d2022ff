/// How to reach a database.
///
/// Options that the URI carries itself win over the durations and the application name given here; read preference
/// and write concern are always the store's own (primary, majority).
package struct MongoConfiguration: Sendable {
    /// `mongodb://…` or `mongodb+srv://…`; name and password in it are percent-encoded.
    package let uri: String
    package let databaseName: String
    /// Connections to each server, and threads to use them: at most this many commands run at once. At least 1.
    package var clientCount = 4
    /// A PEM file of the authorities to trust; turns TLS on.
    package var tlsCAFile: String?
    /// Shown in the server's log and in `currentOp`; at most 128 bytes.
    package var applicationName = "content-processor"
    /// How long a command waits for a server that can take it before it fails with `.unavailable`.
    package var serverSelectionTimeout = Duration.seconds(5)
    package var connectTimeout = Duration.seconds(5)
    /// How long a command may wait for the answer of a server that is connected.
    package var answerTimeout = Duration.seconds(60)
    /// How long a write waits for a majority to confirm it before it fails with `.unavailable`.
    package var confirmationTimeout = Duration.seconds(10)

    package init(uri: String, databaseName: String) {
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
