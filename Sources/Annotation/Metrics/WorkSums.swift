/// Something that processes count while they work. The raw value is the name under which the sum is kept, so it never
/// changes.
package enum WorkFigure: String, CaseIterable, Sendable {
    /// Clips that were made and published.
    case clips
    /// Frames of the source that were decoded, wanted or not.
    case framesDecoded
    /// Frames of published clips.
    case framesKept
    /// Processor time.
    case decodeSeconds, encodeSeconds
    /// Time that engines took, by version.
    case annotationSeconds
    /// Requests to the object store over HTTP, each attempt for itself.
    case s3Requests
    case s3BytesSent, s3BytesReceived
    /// Requests that were sent again.
    case s3Retries
    /// Leases that ended without a word from their holder.
    case leaseLosses
    /// Ends of worker processes, by reason.
    case workerEnds
}

/// Amounts of figures, counted apart by a detail such as an annotator's version.
package struct WorkSums: Hashable, Sendable {
    /// The detail of figures that are not counted apart.
    package static let undivided = "all"

    private var amounts: [WorkFigure: [String: Double]] = [:]

    package init() {}

    package var isEmpty: Bool { self.amounts.isEmpty }

    /// The amounts of a figure by detail.
    package subscript(figure: WorkFigure) -> [String: Double] { self.amounts[figure] ?? [:] }

    package mutating func add(_ amount: Double, to figure: WorkFigure, _ detail: String = Self.undivided) {
        self.amounts[figure, default: [:]][detail, default: 0] += amount
    }

    package mutating func add(_ other: WorkSums) {
        for (figure, parts) in other.amounts {
            for (detail, amount) in parts { self.add(amount, to: figure, detail) }
        }
    }
}
