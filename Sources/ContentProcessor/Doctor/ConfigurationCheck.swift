import ServiceConfiguration

/// The settings, which were read before, and what they leave open.
struct ConfigurationCheck: Check {
    static let name = "configuration"

    let configuration: Configuration
    /// `nil` without a file.
    let file: String?

    func diagnostics() async -> [Diagnostic] {
        let source = self.file.map { "\($0) is in order" } ?? "no config.cfg here, so everything has its default"
        let keys = self.configuration.app.keys.isEmpty ? "; no api_key, so the first start makes one" : ""
        let notices = self.configuration.notices.map { notice in
            Diagnostic.warning(Self.name, notice, advice: "correct the configuration, or leave it if it is meant")
        }
        return [.ok(Self.name, source + keys)] + notices
    }

    /// For settings that cannot be read; nothing else can be looked at then.
    static func diagnostic(_ error: ConfigurationError) -> Diagnostic {
        .failed(Self.name, "\(error)", advice: "correct it; config.cfg of the release lists every key")
    }
}
