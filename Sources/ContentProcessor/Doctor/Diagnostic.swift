/// What one look of the doctor showed.
struct Diagnostic: Encodable, Hashable, Sendable {
    enum Status: String, Encodable, Sendable {
        case ok
        /// The service works, and somebody should know.
        case warning
        /// The service does not work, or not for long.
        case failed
    }

    /// What was looked at, such as `mongodb`.
    let name: String
    let status: Status
    /// One sentence without its full stop.
    let seen: String
    /// What to do about it; `nil` where there is nothing to do.
    let advice: String?

    static func ok(_ name: String, _ seen: String) -> Diagnostic {
        Diagnostic(name: name, status: .ok, seen: seen, advice: nil)
    }

    static func warning(_ name: String, _ seen: String, advice: String) -> Diagnostic {
        Diagnostic(name: name, status: .warning, seen: seen, advice: advice)
    }

    static func failed(_ name: String, _ seen: String, advice: String) -> Diagnostic {
        Diagnostic(name: name, status: .failed, seen: seen, advice: advice)
    }
}

/// A part of what the doctor looks at.
protocol Check: Sendable {
    /// Looks, and tells at least one thing; what fails is a diagnostic, too.
    func diagnostics() async -> [Diagnostic]
}
