package import Domain

/// Why a request is not accepted.
package enum IntakeRejection: Error, Hashable, Sendable {
    /// A field is missing or bad.
    case badFields([FieldError])
    case unknownUpload(String)
    /// Human work, another run, or other parameters are in the way.
    case conflict(String)
    /// The content cannot be processed.
    case content(String)
    case queueFull(retryAfter: Duration)
    /// Too many requests for one upload at the same moment.
    case busy

    /// The HTTP status that fits (contract, section 1).
    package var status: Int {
        switch self {
        case .badFields: 400
        case .unknownUpload: 404
        case .conflict: 409
        case .content: 422
        case .queueFull: 429
        case .busy: 503
        }
    }

    /// One plain sentence.
    package var message: String {
        switch self {
        case .badFields(let errors): errors.map(\.message).joined(separator: " ")
        case .unknownUpload(let text), .conflict(let text), .content(let text): text
        case .queueFull: "The queue is full; try again later."
        case .busy: "Other requests for this upload come all the time; try again later."
        }
    }

    /// Whether the upload itself must show the rejection, because the backend polls only the upload.
    var isShownOnUpload: Bool { self.status == 400 || self.status == 422 }
}
