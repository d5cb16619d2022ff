@testable import ServiceConfiguration

/// Settings from text and variables, as if a file `config.cfg` in `/srv/annotation` held the text.
func settings(_ text: String = "", _ environment: [String: String] = [:]) throws(ConfigurationError) -> Configuration {
    let document = try INIDocument(name: "config.cfg", bytes: Array(text.utf8))
    let source = SettingsSource(document: document, overrides: EnvironmentOverrides(environment))
    return try Configuration(source, workingDirectory: "/srv/annotation")
}

/// The line that a start with these settings prints; `nil` when it goes well.
func complaint(_ text: String, _ environment: [String: String] = [:]) -> String? {
    do {
        _ = try settings(text, environment)
        return nil
    } catch {
        return error.description
    }
}
