/// Why a version cannot be registered, found or used.
package enum AnnotationFailure: Error, Hashable, Sendable {
    /// What was asked for is wrong, or the version's model is.
    case refused(String)
    /// The number has another meaning already, which boxes refer to.
    case conflict(String)
    case unknown(String)
    /// What the version needs is not installed.
    case notInstalled(String)

    /// One plain sentence.
    package var message: String {
        switch self {
        case .refused(let text), .conflict(let text), .unknown(let text), .notInstalled(let text): text
        }
    }

    /// The HTTP status that fits.
    package var status: Int {
        switch self {
        case .refused: 422
        case .conflict: 409
        case .unknown: 404
        case .notInstalled: 501
        }
    }
}
